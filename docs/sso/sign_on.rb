# A token by which a reader signs on to the discussion. Ruby 2.7 or later, with its standard library alone.
require "json"
require "openssl"
require "securerandom"

module Rejoinder
  # A token about a reader: HS256, good for once and for five minutes.
  def self.token(reader, secret:, iss:, aud:)
    now = Time.now.to_i
    claims = reader.merge(iss: iss, aud: aud, iat: now, exp: now + 300, jti: SecureRandom.uuid)
    message = [{ alg: "HS256", typ: "JWT" }, claims].map { |part| encode(JSON.generate(part)) }.join(".")
    "#{message}.#{encode(OpenSSL::HMAC.digest("SHA256", secret, message))}"
  end

  def self.encode(bytes)
    [bytes].pack("m0").tr("+/", "-_").delete("=")
  end
end

# In Rails, for instance:
#
#   def token
#     response.headers["Cache-Control"] = "no-store"
#     reader = { sub: current_user.id.to_s, name: current_user.name }
#     render json: { token: Rejoinder.token(reader, **Rails.configuration.x.rejoinder) }
#   end

# to try it: REJOINDER_SECRET=... REJOINDER_ISS=... REJOINDER_AUD=... ruby sign_on.rb '{"sub": "4711", "name": "Ann"}'
if $PROGRAM_NAME == __FILE__
  settings = %i[secret iss aud].to_h { |name| [name, ENV.fetch("REJOINDER_#{name.upcase}")] }
  puts Rejoinder.token(JSON.parse(ARGV.fetch(0), symbolize_names: true), **settings)
end
