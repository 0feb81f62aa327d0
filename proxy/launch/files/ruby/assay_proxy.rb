# Loaded by RUBYOPT: Ruby follows http_proxy and https_proxy by itself, but never for names of this computer.
require 'uri'

module AssayProxy
  def find_proxy(env = ENV)
    proxy = ENV['ASSAY_PROXY']
    return super if proxy.nil? || proxy.empty? || !%w[http https ws wss].include?(scheme.to_s.downcase)

    proxy = URI.parse(proxy)
    proxy.hostname == hostname && proxy.port == port ? nil : proxy
  end
end
URI::Generic.prepend(AssayProxy)
