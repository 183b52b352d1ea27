#!/usr/bin/env bash
# What: gift-pegjs 1.0.2 reads two true-false questions in Moodle's GIFT format, each with two pieces of feedback.
# Seen: 2026-11-29, Node 20.20.2: the first piece is named trueFeedback and the second falseFeedback, whichever answer is right.
# Why it surprises: in GIFT the order is another. The first piece is what a wrong answer gets, the second what a right one gets
#   (docs.moodle.org, "GIFT format", True-false). So for a statement that is TRUE the two names are the wrong way round: a learner who is
#   right reads that they are wrong. Half of all questions come out well, which is why a trial with one question does not show it.
#   Read the two by their order, never by these names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes > /dev/null
npm install --silent --ignore-scripts "gift-pegjs@1.0.2"

cat > expected << 'END'
right answer false: true gets "You are wrong", false gets "You are right"
right answer true: true gets "You are wrong", false gets "You are right"
END

cat > read.mjs << 'END'
import gift from "gift-pegjs";

const questions = gift.parse(
  "::west:: The sun rises in the west. {FALSE#You are wrong#You are right}\n\n" +
    "::east:: The sun rises in the east. {TRUE#You are wrong#You are right}\n",
);
for (const { isTrue, trueFeedback, falseFeedback } of questions) {
  console.log(`right answer ${isTrue}: true gets "${trueFeedback.text}", false gets "${falseFeedback.text}"`);
}
END

node read.mjs | tee seen
diff expected seen
