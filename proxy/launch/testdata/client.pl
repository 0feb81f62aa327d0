# Uses LWP and HTTP::Tiny and prints one line for each request.
use strict;
use warnings;
use HTTP::Tiny;
use LWP::UserAgent;

my %pages = (https => 'https://api.example/perl', localhost => "http://localhost:$ENV{CLOSED_PORT}/perl");
for my $kind (sort keys %pages) {
    my $answer = LWP::UserAgent->new->get($pages{$kind});
    report("LWP $kind", $answer->decoded_content);
    $answer = HTTP::Tiny->new(verify_SSL => 1)->get($pages{$kind});
    report("HTTP::Tiny $kind", $answer->{content});
}

sub report {
    my ($name, $text) = @_;
    print $text eq 'through the proxy' ? "ok $name\n" : "failed $name: got $text\n";
}
