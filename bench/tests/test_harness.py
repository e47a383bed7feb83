"""The harness's pure parts. Nothing here starts a process or looks at a clock."""

import unittest

from harness import corpus, seed
from harness.load import interleaved
from harness.results import numbers, ratios


class Corpus(unittest.TestCase):
    def test_threads_hold_together(self):
        story = corpus.StoryPlan("any", 300, True)
        shapes = corpus.shapes(story)
        for number, shape in enumerate(shapes):
            self.assertEqual(len(shape.path), 4 * shape.depth)
            if shape.parent is not None:
                self.assertLess(shape.parent, number)
                self.assertTrue(shape.path.startswith(shapes[shape.parent].path))
                self.assertEqual(shape.root, shapes[shape.parent].root)
        tops = [shape for shape in shapes if shape.parent is None]
        self.assertEqual(sum(shape.below + 1 for shape in tops), 300)

    def test_it_is_the_same_each_time(self):
        story = corpus.StoryPlan("any", 60)
        self.assertEqual(corpus.shapes(story), corpus.shapes(story))
        self.assertEqual(corpus.text("any", 7), corpus.text("any", 7))
        self.assertNotEqual(corpus.text("any", 7), corpus.text("any", 8))

    def test_common_tails_are_alike(self):
        few, many = corpus.StoryPlan("few", 50, True), corpus.StoryPlan("many", 400, True)
        for story, other in ((few, many), (many, few)):
            tails = [
                [(shape.depth, shape.below, shape.direct) for shape in corpus.shapes(each)[-corpus.TAIL :]]
                for each in (story, other)
            ]
            self.assertEqual(*tails)
        self.assertEqual(corpus.text_of(few, 49), corpus.text_of(many, 399))

    def test_ids_are_version_7_and_tell_their_time(self):
        made = corpus.Ids("any").at(corpus.EPOCH_US)
        self.assertEqual((made.version, made.int >> 80), (7, corpus.EPOCH_US // 1000))


class Seed(unittest.TestCase):
    def test_a_column_that_went_is_noticed(self):
        with self.assertRaisesRegex(Exception, "no column gone"):
            seed.like({"id": 1, "new": 2}, id=3, gone=4)

    def test_a_column_that_came_is_copied(self):
        self.assertEqual(seed.like({"id": 1, "new": 2}, id=3), {"id": 3, "new": 2})


class Numbers(unittest.TestCase):
    def test_rounds_are_in_turn(self):
        order = []
        interleaved({name: lambda name=name: order.append(name) for name in "ab"}, 2)
        self.assertEqual(order, ["a", "b", "a", "b"])

    def test_what_is_not_available_has_no_numbers(self):
        self.assertEqual(numbers({"not_available": "br is not offered"}), [])
        self.assertEqual(numbers(None), [])

    def test_ratios_are_of_neighbours(self):
        self.assertEqual(ratios([1, 9], [2, 3]), [0.5, 3])


if __name__ == "__main__":
    unittest.main()
