<?php
// Uses the curl extension and prints one line for each request.
foreach (['https' => 'https://api.example/php', 'localhost' => 'http://localhost:' . getenv('CLOSED_PORT') . '/php'] as $kind => $url) {
    $handle = curl_init($url);
    curl_setopt($handle, CURLOPT_RETURNTRANSFER, true);
    $text = curl_exec($handle);
    echo $text === 'through the proxy' ? "ok curl $kind\n" : "failed curl $kind: " . curl_error($handle) . "\n";
}
