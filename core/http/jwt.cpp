#include "core/http/jwt.h"

#include "core/http/prepared_request.h"
#include "core/http/tls_material.h"

#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace fleetglass::http {

namespace {

constexpr int64_t kLifeSeconds = 600;

using DigestPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX, EVP_MD_CTX_free>>;

const EVP_MD* digestOf(const std::string& algorithm)
{
    if (algorithm == "RS256")
        return EVP_sha256();
    if (algorithm == "RS384")
        return EVP_sha384();
    return algorithm == "RS512" ? EVP_sha512() : nullptr;
}

int refusePassphrase(char*, int, int, void*)
{
    return -1;
}

Result<KeyPtr> readRsaKey(const Secret& pem)
{
    BIO* bio = BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size()));
    KeyPtr key(PEM_read_bio_PrivateKey(bio, nullptr, refusePassphrase, nullptr));
    BIO_free_all(bio);
    ERR_clear_error();
    if (!key)
        return failure("oauth2 client_certificate_key holds no private key without passphrase: "
                       "PEM text (-----BEGIN PRIVATE KEY-----) is needed");
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return failure("oauth2 client_certificate_key is no RSA key, which RS256, RS384 and RS512 "
                       "sign with");
    return key;
}

Result<std::string> sign(EVP_PKEY* key, const EVP_MD* digest, std::string_view text)
{
    const DigestPtr context(EVP_MD_CTX_new());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::string signature(static_cast<size_t>(EVP_PKEY_get_size(key)), '\0');
    size_t size = signature.size();
    const bool ok = EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) == 1
        && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
               bytes, text.size())
            == 1;
    ERR_clear_error();
    if (!ok)
        return failure("oauth2 client_certificate_key is too short to sign with");
    signature.resize(size);
    return signature;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

nlohmann::json claimsOf(const OAuth2& options, const AssertionContext& context)
{
    const int64_t now = context.nowMs / 1000;
    nlohmann::json claims { { "iss", options.issuer.empty() ? options.clientId : options.issuer },
        { "sub", options.clientId }, { "jti", context.id },
        { "aud", options.audience.empty() ? options.tokenUrl : options.audience }, { "iat", now },
        { "exp", now + kLifeSeconds } };
    if (!options.scopes.empty())
        claims["scope"] = joined(options.scopes);
    for (const auto& [name, json] : options.claims)
        claims[name] = nlohmann::json::parse(json, nullptr, false);
    return claims;
}

std::string dumped(const nlohmann::json& json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

std::string encodeBase64Url(std::string_view bytes)
{
    std::string text = encodeBase64(bytes);
    while (text.ends_with('='))
        text.pop_back();
    for (char& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

Result<std::string> makeAssertion(
    const OAuth2& options, const Secret& pem, const AssertionContext& context)
{
    const EVP_MD* digest = digestOf(options.signatureAlgorithm);
    if (digest == nullptr)
        return failure("oauth2 signature_algorithm \"" + options.signatureAlgorithm.substr(0, 20)
            + "\" is not known: RS256, RS384 or RS512 is needed");
    auto key = readRsaKey(pem);
    if (!key)
        return failure(key.error());
    nlohmann::json header { { "alg", options.signatureAlgorithm }, { "typ", "JWT" } };
    if (!options.clientCertificateKeyId.empty())
        header["kid"] = options.clientCertificateKeyId;
    const std::string text = encodeBase64Url(dumped(header)) + '.'
        + encodeBase64Url(dumped(claimsOf(options, context)));
    const auto signature = sign(key->get(), digest, text);
    if (!signature)
        return failure(signature.error());
    return text + '.' + encodeBase64Url(*signature);
}

} // namespace fleetglass::http
