<?php
/**
 * Plugin Name: Rejoinder discussion
 * Description: Puts a Rejoinder discussion under posts, in the place of WordPress' comments, and counts on the pages that list them.
 *
 * Set REJOINDER_SERVICE and REJOINDER_SITE in wp-config.php. `[rejoinder]` puts the discussion where an author wants it; posts
 * without have it in the place of their comments. A story is known by the number of its post.
 *
 * With REJOINDER_KEY, a key of the site with the scope `stories:write`, each post becomes a story when it is published.
 * With the plugin "Rejoinder sign-on" beside it, readers who are signed in here are so in the discussion.
 */

defined('ABSPATH') || exit;

/** The discussion of a post: an element that the service's script fills, and its plain page where no script runs. */
function rejoinder_discussion(string $story): string {
    wp_enqueue_script_module('rejoinder', REJOINDER_SERVICE . '/embed.js');
    return sprintf(
        '<rejoinder-discussion site="%s" story="%s"></rejoinder-discussion>'
            . '<noscript><p><a href="%s">%s</a></p></noscript>',
        esc_attr(REJOINDER_SITE),
        esc_attr($story),
        esc_url(REJOINDER_SERVICE . '/embed/' . rawurlencode(REJOINDER_SITE) . '/' . rawurlencode($story)),
        esc_html__('The discussion', 'rejoinder'),
    );
}

/** How many answers a post has, in the place of WordPress' number. */
function rejoinder_count(string $story): string {
    wp_enqueue_script_module('rejoinder', REJOINDER_SERVICE . '/embed.js');
    return sprintf(
        '<rejoinder-count site="%s" story="%s">%s</rejoinder-count>',
        esc_attr(REJOINDER_SITE),
        esc_attr($story),
        esc_html__('Discuss', 'rejoinder'),
    );
}

add_shortcode('rejoinder', fn() => rejoinder_discussion((string) get_the_ID()));

/** The discussion in the place of WordPress' comments, but where the author has put it himself. */
function rejoinder_in_place_of_comments(): string {
    return has_shortcode(get_post()->post_content, 'rejoinder') ? '' : rejoinder_discussion((string) get_the_ID());
}

// of classic themes, and of those made of blocks
add_filter('comments_template', fn() => __DIR__ . '/rejoinder-comments.php');
add_filter('render_block_core/comments', fn() => rejoinder_in_place_of_comments());
add_filter('comments_number', fn() => rejoinder_count((string) get_the_ID()));
add_filter('render_block_core/post-comments-count', fn() => rejoinder_count((string) get_the_ID()));
add_filter('render_block_core/post-comments-link', fn() => rejoinder_count((string) get_the_ID()));

/** Makes a post a story, unless it is one; what others told the service about it stays. What fails for the moment is tried again. */
function rejoinder_register(int $id, int $tries = 0): void {
    $post = get_post($id);
    if (!defined('REJOINDER_KEY') || !$post || $post->post_type !== 'post' || $post->post_status !== 'publish') {
        return;
    }
    $path = '/api/v1/sites/' . rawurlencode(REJOINDER_SITE) . '/stories/' . $id;
    $answer = wp_remote_request(REJOINDER_SERVICE . $path, [
        'method' => 'PUT',
        'timeout' => 5,
        'headers' => [
            'Authorization' => 'Bearer ' . REJOINDER_KEY,
            'Content-Type' => 'application/json',
            'If-None-Match' => '*',
        ],
        'body' => wp_json_encode([
            'headline' => html_entity_decode(wp_strip_all_tags(get_the_title($post)), ENT_QUOTES, 'UTF-8'),
            'published_at' => get_post_time('Y-m-d\TH:i:s\Z', true, $post),
            'urls' => [get_permalink($post)],
        ]),
    ]);
    $status = is_wp_error($answer) ? 0 : (int) wp_remote_retrieve_response_code($answer);
    if ($status === 201 || $status === 412) {
        return; // it is one now, or was already
    }
    if (($status === 0 || $status === 429 || $status >= 500) && $tries < 8) {
        wp_schedule_single_event(time() + 60 * 2 ** $tries, 'rejoinder_register', [$id, $tries + 1]);
        return;
    }
    $why = is_wp_error($answer) ? $answer->get_error_message() : wp_remote_retrieve_body($answer);
    error_log("Rejoinder: post $id is no story: $status $why");
}

add_action('rejoinder_register', 'rejoinder_register', 10, 2);
add_action('wp_after_insert_post', fn($id) => rejoinder_register((int) $id));

// readers with an account here need none of their own there
add_action('wp_footer', function () {
    if (!function_exists('rejoinder_token')) {
        return;
    }
    $values = wp_json_encode([
        'token' => rest_url('rejoinder/v1/token'),
        'nonce' => is_user_logged_in() ? wp_create_nonce('wp_rest') : null,
        'login' => wp_login_url((string) get_permalink()),
    ], JSON_HEX_TAG);
    wp_print_inline_script_tag(<<<JS
        const { token, nonce, login } = $values;
        const ask = async () => {
          if (!nonce) return null;
          const answer = await fetch(token, { headers: { "X-WP-Nonce": nonce } });
          return answer.ok ? (await answer.json()).token : null;
        };
        for (const discussion of document.querySelectorAll("rejoinder-discussion")) discussion.ssoToken = ask;
        document.addEventListener("rejoinder:sign-in", (event) => {
          event.preventDefault();
          location.href = login;
        });
        JS, ['type' => 'module']);
});
