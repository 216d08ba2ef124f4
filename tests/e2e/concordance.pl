#!/usr/bin/perl
# concordance.pl WIDTH ORDER REGEX FILE... - what `query --kwic=WIDTH
# --format=tsv` should print, found out by a regular expression over the raw
# text of the files (paths and order as given), whose first line is a title and
# is left out. ORDER is pos, left or right.
use strict;
use warnings;
use feature 'fc';

binmode STDOUT, ':encoding(UTF-8)';
my ($width, $order, $regex, @files) = @ARGV;
utf8::decode($regex);
my @lines;

# Columns of a grapheme cluster, by the properties of its characters.
sub columns {
    my $n = 0;
    for my $c (split //, shift) {
        next if $c =~ /[\p{Mn}\p{Me}\x{200b}-\x{200f}]/;
        $n += $c =~ /[\p{EA=W}\p{EA=F}]/ ? 2 : 1;
    }
    return $n;
}

# Clusters from the first on that fit.
sub fit {
    my ($n, @fit) = (0);
    for my $cluster (@_) {
        $n += columns($cluster);
        last if $n > $width;
        push @fit, $cluster;
    }
    return @fit;
}

sub one_line {
    my $text = shift;
    $text =~ s/[ \t\n\r\f\x0b]+/ /g;
    return $text;
}

# Words, nearest first; those that fold alike are alike.
sub words {
    my ($text, $behind) = @_;
    my @words = map { fc } $text =~ /\p{Han}|(?:(?!\p{Han})[\p{L}\p{N}])+/g;
    @words = reverse @words unless $behind;
    splice @words, 8 if @words > 8;
    return join "\0", @words, '';
}

for my $file (@files) {
    open my $in, '<:raw', $file or die "$file: $!\n";
    my $raw = do { local $/; <$in> };
    my $text = $raw;
    utf8::decode($text);
    my ($title, $body) = $text =~ /\A([^\n]*\n)(.*)\z/s or next;
    while ($body =~ /$regex/gi) {
        my ($left, $match, $right) =
            map { one_line($_) } substr($body, 0, $-[0]), $&,
            substr($body, $+[0]);
        my $before = $title . substr($body, 0, $-[0]);
        my ($last) = $before =~ /([^\n]*)\z/;
        my $line = 1 + ($before =~ tr/\n//);
        utf8::encode($_) for $before, $last;
        my $key = $order eq 'left'  ? words($left, 0)
                : $order eq 'right' ? words($right, 1)
                :                     '';
        $left =~ s/^ +//;
        $left = join '', reverse fit(reverse $left =~ /\X/g);
        $right = join '', fit($right =~ /\X/g);
        $left =~ s/^ +//;
        $right =~ s/ +$//;
        push @lines,
            [$key, scalar @lines, join "\t", $file, $line,
             1 + length $last, length $before, $left, $match, $right];
    }
}
print "$_->[2]\n"
    for sort { $a->[0] cmp $b->[0] || $a->[1] <=> $b->[1] } @lines;
