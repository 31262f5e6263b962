#include "core/http/tls_material.h"

#include "core/http/secret_file.h"

#include <array>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace fleetglass::http {

namespace {

constexpr size_t kPemBytesMax = 4u << 20; // A bundle of all public CAs has 200 KiB.
constexpr size_t kKnownMax = 1024;

// The texts of a tls_config, files read.
struct Texts
{
    std::string ca;
    std::string cert;
    Secret key;
    std::string caName; // For messages: the file, or "tls_config.ca".
    std::string certName;
    std::string keyName;
};

struct BioFree
{
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

BioPtr readerOf(const std::string& text)
{
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<std::string> textOrFile(
    const std::string& text, const std::string& file, std::string_view purpose)
{
    if (file.empty())
        return text;
    return readSmallFile(file, purpose, kPemBytesMax);
}

std::string nameOr(const std::string& file, const char* setting)
{
    return file.empty() ? setting : file;
}

Result<Texts> readTexts(const TlsOptions& options, bool withClientCertificate)
{
    Texts texts;
    auto ca = textOrFile(options.ca, options.caFile, "ca_file");
    if (!ca)
        return failure(ca.error());
    texts.ca = std::move(*ca);
    texts.caName = nameOr(options.caFile, "tls_config.ca");
    if (!withClientCertificate)
        return texts;
    auto cert = textOrFile(options.cert, options.certFile, "cert_file");
    if (!cert)
        return failure(cert.error());
    texts.cert = std::move(*cert);
    texts.certName = nameOr(options.certFile, "tls_config.cert");
    auto key = readSecret(options.key, "key_file");
    if (!key)
        return failure(key.error());
    texts.key = std::move(*key);
    texts.keyName = nameOr(options.key.file, "tls_config.key");
    return texts;
}

std::string idOf(const TlsOptions& options, const Texts& texts)
{
    std::string all;
    for (const std::string* part : { &texts.ca, &texts.cert, &texts.key.reveal(), &texts.caName,
             &options.serverName, &options.trustedSha256 })
        all += std::to_string(part->size()) + ':' + *part;
    all += options.insecureSkipVerify ? 'i' : 'v';
    all += static_cast<char>('0' + static_cast<int>(options.minVersion));
    all += static_cast<char>('0' + static_cast<int>(options.maxVersion));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha256(), nullptr);
    OPENSSL_cleanse(all.data(), all.size());
    std::string id;
    for (unsigned i = 0; i < 16; ++i) {
        id += "0123456789abcdef"[digest[i] >> 4];
        id += "0123456789abcdef"[digest[i] & 15];
    }
    return id;
}

std::vector<X509Ptr> readCertificates(const std::string& pem)
{
    std::vector<X509Ptr> result;
    const BioPtr bio = readerOf(pem);
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        result.emplace_back(certificate);
    ERR_clear_error();
    return result;
}

// A CA file may hold revocation lists beside the authorities; then leaves are looked up in them.
void addRevocationLists(X509_STORE* store, const std::string& pem)
{
    const BioPtr bio = readerOf(pem);
    bool any = false;
    while (X509_CRL* list = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) {
        any = X509_STORE_add_crl(store, list) == 1 || any;
        X509_CRL_free(list);
    }
    ERR_clear_error();
    if (any)
        X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

bool looksLikePlaceholder(const std::string& text)
{
    return text.find("...") != std::string::npos
        || (text.find('<') != std::string::npos && text.find('>') != std::string::npos);
}

Result<void> fillStore(TlsMaterial& material, const Texts& texts)
{
    material.store.reset(X509_STORE_new());
    if (texts.ca.empty()) {
        X509_STORE_set_default_paths(material.store.get());
        material.trust = "trusted by the system's authorities";
        return {};
    }
    const auto certificates = readCertificates(texts.ca);
    if (certificates.empty())
        return failure("no certificate in " + texts.caName
            + (looksLikePlaceholder(texts.ca)
                    ? ": it still holds placeholder text"
                    : ": PEM text (-----BEGIN CERTIFICATE-----) is needed"));
    for (const X509Ptr& certificate : certificates)
        X509_STORE_add_cert(material.store.get(), certificate.get());
    addRevocationLists(material.store.get(), texts.ca);
    material.trust = "trusted by " + texts.caName;
    return {};
}

// Never asks on the terminal for the passphrase of a key.
int refusePassphrase(char*, int, int, void* asked)
{
    *static_cast<bool*>(asked) = true;
    return -1;
}

Result<void> fillClientKey(TlsMaterial& material, const Texts& texts)
{
    const BioPtr bio = readerOf(texts.key.reveal());
    bool asked = false;
    material.clientKey.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, refusePassphrase, &asked));
    ERR_clear_error();
    if (asked)
        return failure(
            "the key in " + texts.keyName + " is encrypted: a key without passphrase is needed");
    if (!material.clientKey)
        return failure("no private key in " + texts.keyName
            + ": PEM text (-----BEGIN PRIVATE KEY-----) is needed");
    if (X509_check_private_key(material.clientChain.front().get(), material.clientKey.get()) != 1) {
        ERR_clear_error();
        return failure("the key in " + texts.keyName + " does not belong to the certificate in "
            + texts.certName);
    }
    return {};
}

Result<void> fillClient(TlsMaterial& material, const Texts& texts)
{
    if (texts.cert.empty() && texts.key.empty())
        return {};
    if (texts.cert.empty())
        return failure("a client key without its certificate: set cert or cert_file too");
    if (texts.key.empty())
        return failure("a client certificate without its key: set key or key_file too");
    material.clientChain = readCertificates(texts.cert);
    if (material.clientChain.empty())
        return failure("no certificate in " + texts.certName
            + ": PEM text (-----BEGIN CERTIFICATE-----) is needed");
    return fillClientKey(material, texts);
}

} // namespace

Result<TlsMaterialPtr> TlsMaterials::load(const TlsOptions& options, bool withClientCertificate)
{
    const auto texts = readTexts(options, withClientCertificate);
    if (!texts)
        return failure(texts.error());
    // Most targets name none of it: their id need not be made for each request.
    static const TlsOptions kNone;
    static const std::string kIdOfNone = idOf(kNone, *readTexts(kNone, false)); // No file to fail.
    const std::string id = options == kNone ? kIdOfNone : idOf(options, *texts);
    const auto known = m_known.with([&](auto& map) {
        const auto found = map.find(id);
        return found == map.end() ? nullptr : found->second;
    });
    if (known)
        return known;
    auto material = std::make_shared<TlsMaterial>();
    material->id = id;
    material->serverName = options.serverName;
    material->trustedSha256 = options.trustedSha256;
    material->insecure = options.insecureSkipVerify;
    material->minVersion = options.minVersion;
    material->maxVersion = options.maxVersion;
    if (auto ok = fillStore(*material, *texts); !ok)
        return failure(ok.error());
    if (auto ok = fillClient(*material, *texts); !ok)
        return failure(ok.error());
    m_known.with([&](auto& map) {
        if (map.size() >= kKnownMax)
            map.clear(); // Whoever uses one still holds it.
        map[id] = material;
    });
    return TlsMaterialPtr(material);
}

} // namespace fleetglass::http
