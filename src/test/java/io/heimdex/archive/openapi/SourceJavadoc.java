package io.heimdex.archive.openapi;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.heimdex.archive.problem.SnakeCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the sources say of themselves: a controller method's Javadoc is the text of its operation,
 * and a record's the text of its schema. It is read from the files, as the compiler keeps none.
 */
final class SourceJavadoc {

    private static final Path SOURCES = Path.of("src/main/java");

    private final Map<String, Comments> read = new HashMap<>();

    /** The comments in one file, by the simple names of the classes around them. */
    private record Comments(Map<String, Comment> byPlace) {

        static final Comments NONE = new Comments(Map.of());

        Comment of(String place) {
            return byPlace.getOrDefault(place, Comment.NONE);
        }
    }

    /**
     * What stands before a class or method.
     *
     * @param text up to the first tag
     * @param returned of the tag {@code @return}
     * @param parameters of the tags {@code @param}, by the names in Java
     */
    record Comment(String text, @Nullable String returned, Map<String, String> parameters) {

        private static final Comment NONE = new Comment("", null, Map.of());

        String firstSentence() {
            int end = text.indexOf(". ");
            return end < 0 ? text : text.substring(0, end + 1);
        }
    }

    Comment of(Method method) {
        return comments(method.getDeclaringClass())
                .of(place(method.getDeclaringClass()) + "#" + method.getName());
    }

    Comment of(Class<?> type) {
        return comments(type).of(place(type));
    }

    private static String place(Class<?> type) {
        String name = type.getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private Comments comments(Class<?> type) {
        String file = type.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java";
        Path source = SOURCES.resolve(file);
        return read.computeIfAbsent(
                file, _ -> Files.exists(source) ? parse(source, type) : Comments.NONE);
    }

    private static Comments parse(Path source, Class<?> type) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjects(source));
            CompilationUnitTree unit = task.parse().iterator().next();
            Reader reader = new Reader(DocTrees.instance(task), type);
            reader.scan(unit, "");
            return new Comments(reader.found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Walks through a file; the argument is the name of the class around. */
    private static final class Reader extends TreePathScanner<@Nullable Void, String> {

        private final Map<String, Comment> found = new LinkedHashMap<>();
        private final DocTrees trees;
        private final Class<?> type;

        Reader(DocTrees trees, Class<?> type) {
            this.trees = trees;
            this.type = type;
        }

        @Override
        public @Nullable Void visitClass(ClassTree node, String around) {
            String name = around.isEmpty() ? "" : around + "$";
            name += node.getSimpleName();
            keep(name, getCurrentPath());
            return super.visitClass(node, name);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree node, String around) {
            keep(around + "#" + node.getName(), getCurrentPath());
            return null;
        }

        private void keep(String place, TreePath path) {
            DocCommentTree comment = trees.getDocCommentTree(path);
            if (comment != null) {
                Map<String, String> parameters = new HashMap<>();
                String returned = null;
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param && !param.isTypeParameter()) {
                        parameters.put(
                                param.getName().toString(), sentence(param.getDescription()));
                    } else if (tag instanceof ReturnTree answer) {
                        returned = sentence(answer.getDescription());
                    }
                }
                found.put(place, new Comment(text(comment.getFullBody()), returned, parameters));
            }
        }

        /** As the tags of Javadoc are, but for the capital and the full stop that pages have. */
        private String sentence(List<? extends DocTree> parts) {
            String text = text(parts);
            String capital = text.startsWith("`") ? text : capitalized(text);
            return capital.endsWith(".") ? capital : capital + ".";
        }

        private static String capitalized(String text) {
            return Character.toUpperCase(text.charAt(0)) + text.substring(1);
        }

        private String text(List<? extends DocTree> parts) {
            return parts.stream()
                    .map(this::text)
                    .collect(Collectors.joining())
                    .replaceAll("\\s+", " ")
                    .strip();
        }

        private String text(DocTree part) {
            return switch (part) {
                case LiteralTree code -> "`" + onTheWire(code.getBody().getBody()) + "`";
                case LinkTree link ->
                        link.getLabel().isEmpty()
                                ? "`" + onTheWire(link.getReference().getSignature()) + "`"
                                : text(link.getLabel());
                case ValueTree value -> constant(value.getReference().getSignature());
                default -> part.toString();
            };
        }

        /** Names of Java as clients know them. */
        private static String onTheWire(String code) {
            String name = code.replaceFirst(".*#", "");
            return name.matches("[A-Z_]+") || name.matches("[a-z]+([A-Z][a-z]*)+")
                    ? SnakeCase.of(name)
                    : code;
        }

        private String constant(String reference) {
            try {
                Field constant =
                        type.getNestHost()
                                .getDeclaredField(reference.substring(reference.indexOf('#') + 1));
                constant.setAccessible(true);
                return String.valueOf(constant.get(null));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(reference, e);
            }
        }
    }
}
