# Runs a tool each time that a message with its descriptors comes on standard input, one run after the other. As the
# first process of a sandbox it ends all that a run left behind, before it says how the run ended. It has capabilities
# there that no run has, so that no run can trace it.
#
# Arguments: the numbers of recvmsg, dup3 and capset, the root of a run (empty for the one that is), and the command of
# the tool.
use strict;

my ( $recvmsg, $dup3, $capset, $root, @tool ) = @ARGV;
my @places = ( 1, 2, 0, 4 .. 9 );

# Bubblewrap's.
delete $ENV{PWD};

# What comes must not come at a place where it is to go.
my @held = map { open my $held, '<&', \*STDIN or die "no descriptor: $!\n"; $held } 3 .. 9;

# Memory of their own, for the system to write into.
my ( $text, $rights ) = ( '', '' );
vec( $text,   65535, 8 ) = 0;
vec( $rights, 127,   8 ) = 0;

syswrite STDOUT, "ready\n";
while (1) {
    my $piece   = pack 'P Q', $text, length $text;
    my $message = pack 'Q Q P Q P Q Q', 0, 0, $piece, 1, $rights, length $rights, 0;

    # MSG_CMSG_CLOEXEC
    my $size = syscall 0 + $recvmsg, 0, $message, 0x40000000;
    last if $size <= 0;
    my ( $mark, @arguments ) = split /\0/, substr $text, 0, $size;
    my @descriptors = unpack 'l*', substr $rights, 16, unpack( 'Q', $rights ) - 16;
    my @open        = map { open my $open, '+<&=', $_ or die "no descriptor: $!\n"; $open } @descriptors;

    my $child = fork // die "no process: $!\n";
    run( \@descriptors, @arguments ) if !$child;
    waitpid $child, 0;
    my $code = $? & 127 ? 128 + ( $? & 127 ) : $? >> 8;
    if ( $$ == 1 ) {
        kill KILL => -1;
        1 while wait > 0;
    }
    syswrite $open[0], "\n$mark $code\n";
}

sub run {
    my ( $descriptors, @arguments ) = @_;
    for my $i ( 0 .. $#$descriptors ) {
        syscall( 0 + $dup3, $descriptors->[$i], $places[$i], 0 ) >= 0 or exit 126;
    }
    if ( $root ne '' ) {
        my $none = "\0" x 24;

        # _LINUX_CAPABILITY_VERSION_3, of this process
        my $who = pack 'L l', 0x20080522, 0;
        chroot $root and chdir '/' and syscall( 0 + $capset, $who, $none ) == 0 or cannot($root);
    }
    exec { $tool[0] } @tool, @arguments or cannot( $tool[0] );
}

sub cannot {
    print STDERR "$_[0]: $!\n";
    exit( $! == 2 ? 127 : 126 );
}
