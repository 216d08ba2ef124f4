#!/usr/bin/perl
# collocates.pl WINDOW WORD FILE... - the collocates of a word (or of words in
# a row, with blanks between), recounted from the raw text: what
# `query --collocates=WINDOW --format=tsv -n 0` should print, but for the digits
# of numbers. The first line of a file is a title, and no context of the rest.
use strict;
use warnings;

my ($window, $phrase, @files) = @ARGV;
my @phrase = split ' ', lc $phrase;
my (%near, %total, $in_windows, $all);

for my $file (@files) {
    open my $in, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$in> };
    for my $zone ($text =~ /\A([^\n]*)\n(.*)\z/s) {
        my @word = map { lc } $zone =~ /[A-Za-z0-9]+/g;
        my (@match, @window);
        for my $i (0 .. $#word - $#phrase) {
            next if grep { $word[$i + $_] ne $phrase[$_] } 0 .. $#phrase;
            $match[$_] = 1 for $i .. $i + $#phrase;
            for my $k ($i - $window .. $i + $#phrase + $window) {
                $window[$k] = 1 if $k >= 0 && $k <= $#word;
            }
        }
        for my $i (0 .. $#word) {
            $all++;
            $total{$word[$i]}++;
            next if !$window[$i] || $match[$i];
            $in_windows++;
            $near{$word[$i]}++;
        }
    }
}

for my $word (keys %near) {
    my ($a, $row, $column) = ($near{$word}, $in_windows, $total{$word});
    my $expected = $row * $column / $all;
    next if $a <= $expected;
    my $ratio = 0;
    for ([$a, $row, $column], [$row - $a, $row, $all - $column],
         [$column - $a, $all - $row, $column],
         [$all - $row - $column + $a, $all - $row, $all - $column]) {
        my ($o, $r, $c) = @$_;
        $ratio += 2 * $o * log($o * $all / ($r * $c)) if $o > 0;
    }
    printf "%s\t%d\t%.4f\t%d\t%.4f\n", $word, $a, $expected, $column, $ratio;
}
