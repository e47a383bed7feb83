<?php
/**
 * Plugin Name: Rejoinder sign-on
 * Description: Gives signed-in readers a token by which they sign on to the discussion.
 *
 * In wp-config.php:
 *   define('REJOINDER_SECRET', '...'); // as registering the issuer answered it
 *   define('REJOINDER_ISS', 'https://blog.example');
 *   define('REJOINDER_AUD', 'https://comments.example');
 */

/** A token about a reader: HS256, good for once and for five minutes. */
function rejoinder_token(array $reader, string $secret, string $iss, string $aud): string
{
    $encode = fn(string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $now = time();
    $claims = [
        'iss' => $iss,
        'aud' => $aud,
        'iat' => $now,
        'exp' => $now + 300,
        'jti' => bin2hex(random_bytes(16)),
    ] + $reader;
    $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    $message = $encode(json_encode(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' . $encode(json_encode($claims, $flags));
    return $message . '.' . $encode(hash_hmac('sha256', $message, $secret, true));
}

if (function_exists('add_action')) {
    // GET /wp-json/rejoinder/v1/token, for who is signed in here and nobody else
    add_action('rest_api_init', function () {
        register_rest_route('rejoinder/v1', '/token', [
            'methods' => 'GET',
            'permission_callback' => 'is_user_logged_in',
            'callback' => function () {
                $user = wp_get_current_user();
                $reader = [
                    'sub' => (string) $user->ID, // never the e-mail or the name, which may become another's
                    'name' => $user->display_name,
                    'email' => $user->user_email,
                    'email_verified' => false, // true only if your blog has verified it
                    'badges' => user_can($user, 'edit_posts') ? ['staff'] : [],
                ];
                nocache_headers();
                return ['token' => rejoinder_token($reader, REJOINDER_SECRET, REJOINDER_ISS, REJOINDER_AUD)];
            },
        ]);
    });
} elseif (PHP_SAPI === 'cli') {
    // to try it: REJOINDER_SECRET=... REJOINDER_ISS=... REJOINDER_AUD=... php rejoinder-sign-on.php '{"sub": "4711", "name": "Ann"}'
    $reader = json_decode($argv[1], true, 16, JSON_THROW_ON_ERROR);
    echo rejoinder_token($reader, getenv('REJOINDER_SECRET'), getenv('REJOINDER_ISS'), getenv('REJOINDER_AUD')), "\n";
}
