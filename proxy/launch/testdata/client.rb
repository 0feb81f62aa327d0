# Uses Net::HTTP and open-uri and prints one line for each request.
require 'net/http'
require 'open-uri'

pages = { 'https' => 'https://api.example/ruby', 'localhost' => "http://localhost:#{ENV.fetch('CLOSED_PORT')}/ruby" }
pages.each do |kind, url|
  { 'Net::HTTP' => -> { Net::HTTP.get(URI(url)) }, 'open-uri' => -> { URI(url).open.read } }.each do |name, get|
    text = get.call
    puts text == 'through the proxy' ? "ok #{name} #{kind}" : "failed #{name} #{kind}: got #{text}"
  rescue StandardError => e
    puts "failed #{name} #{kind}: #{e.class} #{e.message}"
  end
end
