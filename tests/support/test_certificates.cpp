#include "tests/support/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace fleetglass::test {

namespace {

template<class T, void (*Free)(T*)>
struct Release
{
    void operator()(T* object) const { Free(object); }
};
using Certificate = std::unique_ptr<X509, Release<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO, BIO_free_all>>;

Key makeKey()
{
    return Key(EVP_EC_gen("P-256"));
}

std::string textOf(const Bio& bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return { data, static_cast<size_t>(size) };
}

std::string pemOf(X509* certificate)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return textOf(bio);
}

std::string pemOf(EVP_PKEY* key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(bio);
}

std::string sha256Of(X509* certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest, &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += "0123456789abcdef"[digest[i] >> 4];
        text += "0123456789abcdef"[digest[i] & 15];
    }
    return text;
}

void addExtension(X509* certificate, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void setName(X509_NAME* name, const std::string& commonName)
{
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(commonName.c_str()), -1, -1, 0);
}

Certificate makeCertificate(const std::string& commonName, EVP_PKEY* key, std::chrono::seconds from,
    std::chrono::seconds until)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    int serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial & 0x7fffffff);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until.count());
    setName(X509_get_subject_name(certificate.get()), commonName);
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

void addLeafExtensions(X509* certificate, const CertificateWish& wish)
{
    std::string names;
    for (const std::string& name : wish.dnsNames)
        names += (names.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : wish.addresses)
        names += (names.empty() ? "IP:" : ",IP:") + address;
    if (!names.empty())
        addExtension(certificate, NID_subject_alt_name, names);
    addExtension(certificate, NID_ext_key_usage, wish.forClients ? "clientAuth" : "serverAuth");
}

} // namespace

struct TestAuthority::Parts
{
    Key key;
    Certificate certificate;
};

TestAuthority::TestAuthority(const std::string& commonName)
    : m_parts(std::make_unique<Parts>())
{
    m_parts->key = makeKey();
    m_parts->certificate = makeCertificate(
        commonName, m_parts->key.get(), std::chrono::hours(-240), std::chrono::hours(240));
    X509* certificate = m_parts->certificate.get();
    setName(X509_get_issuer_name(certificate), commonName);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(certificate, m_parts->key.get(), EVP_sha256());
    m_pem = pemOf(certificate);
}

TestAuthority::~TestAuthority() = default;

KeyAndCertificate TestAuthority::issue(const CertificateWish& wish) const
{
    const Key key = makeKey();
    const Certificate certificate
        = makeCertificate(wish.commonName, key.get(), wish.validFrom, wish.validUntil);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(m_parts->certificate.get()));
    addLeafExtensions(certificate.get(), wish);
    X509_sign(certificate.get(), m_parts->key.get(), EVP_sha256());
    return { pemOf(certificate.get()), pemOf(key.get()), sha256Of(certificate.get()), {} };
}

KeyAndCertificate TestAuthority::issueThrough(int intermediates, const CertificateWish& wish) const
{
    std::unique_ptr<TestAuthority> above;
    std::string chain;
    for (int i = 0; i < intermediates; ++i) {
        auto next = std::make_unique<TestAuthority>("Intermediate " + std::to_string(i));
        const Parts& issuer = above ? *above->m_parts : *m_parts;
        X509* certificate = next->m_parts->certificate.get();
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get()));
        X509_sign(certificate, issuer.key.get(), EVP_sha256());
        chain = pemOf(certificate) + chain;
        above = std::move(next);
    }
    KeyAndCertificate leaf = above ? above->issue(wish) : issue(wish);
    leaf.chainPem = std::move(chain);
    return leaf;
}

std::string TestAuthority::revocationList(const KeyAndCertificate& revoked) const
{
    const Bio text(BIO_new_mem_buf(
        revoked.certificatePem.data(), static_cast<int>(revoked.certificatePem.size())));
    const Certificate certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    X509_CRL* list = X509_CRL_new();
    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(m_parts->certificate.get()));
    ASN1_TIME* time = ASN1_TIME_new();
    X509_gmtime_adj(time, -3600);
    X509_CRL_set1_lastUpdate(list, time);
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(list, entry);
    X509_gmtime_adj(time, 3600);
    X509_CRL_set1_nextUpdate(list, time);
    ASN1_TIME_free(time);
    X509_CRL_sign(list, m_parts->key.get(), EVP_sha256());
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_CRL(bio.get(), list);
    X509_CRL_free(list);
    return textOf(bio);
}

KeyAndCertificate TestAuthority::selfSigned(const CertificateWish& wish)
{
    const Key key = makeKey();
    const Certificate certificate
        = makeCertificate(wish.commonName, key.get(), wish.validFrom, wish.validUntil);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    addLeafExtensions(certificate.get(), wish);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    return { pemOf(certificate.get()), pemOf(key.get()), sha256Of(certificate.get()), {} };
}

} // namespace fleetglass::test
