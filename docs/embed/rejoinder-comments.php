<?php
// What a theme shows in the place of comments.

defined('ABSPATH') || exit;

echo rejoinder_in_place_of_comments();
