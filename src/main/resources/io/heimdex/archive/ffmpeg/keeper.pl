# Takes orders from the service, a line each, and hands them on to the runner with descriptors of all that they name.
# Kills itself and all that it started as soon as its standard input closes, or the runner ends.
#
# Arguments: the number of sendmsg, the folder of the service's descriptors, how many words an order has at most (0 for
# any number), which of them is the input (or -1), its copies, and the command of the runner.
use strict;

my ( $sendmsg, $folder, $words, $place, $copies, @runner ) = @ARGV;

# AF_UNIX, SOCK_SEQPACKET
socketpair my $here, my $there, 1, 5, 0 or die "no pair of sockets: $!\n";
my $child = fork // die "no process: $!\n";
if ( !$child ) {
    open STDIN, '<&', $there or die "no standard input: $!\n";
    exec { $runner[0] } @runner or die "$runner[0]: $!\n";
}
close $there;
$SIG{CHLD} = sub { kill KILL => 0 };

while ( my $order = <STDIN> ) {
    chomp $order;
    my ( $mark, $output, $messages, @arguments ) = split / /, $order, $words;
    my $input = $place < 0 ? '/dev/null' : splice @arguments, $place, 1;
    open my $out, '>', "$folder/$output"   or next;
    open my $err, '>', "$folder/$messages" or next;
    my @in;
    while ( @in <= $copies && open my $in, '<', $input ) {
        push @in, $in;
    }
    if ( @in <= $copies ) {
        syswrite $out, "\n$mark 126\n";
        next;
    }
    hand_on( join( "\0", $mark, @arguments ), map { fileno $_ } $out, $err, @in );
}
kill KILL => 0;

sub hand_on {
    my ( $text, @descriptors ) = @_;

    # SOL_SOCKET, SCM_RIGHTS
    my $rights = pack 'Q l l l*', 16 + 4 * @descriptors, 1, 1, @descriptors;
    $rights .= "\0" x ( -length($rights) % 8 );
    my $piece   = pack 'P Q', $text, length $text;
    my $message = pack 'Q Q P Q P Q Q', 0, 0, $piece, 1, $rights, length $rights, 0;
    syscall( 0 + $sendmsg, fileno $here, $message, 0 ) > 0 or kill KILL => 0;
}
