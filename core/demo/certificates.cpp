#include "core/demo/certificates.h"

#include <memory>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace fleetglass::demo {

namespace {

template<auto Free>
struct Deleter
{
    template<class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

std::string textOf(BIO* memory)
{
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    return { bytes, static_cast<size_t>(size) };
}

bool addExtension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate makeUnsigned(const LeafRequest& request, EVP_PKEY* key)
{
    Certificate certificate(X509_new());
    uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
    X509_set_version(certificate.get(), 2);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), request.notBeforeS);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), request.notAfterS);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(request.commonName.c_str()), -1, -1, 0);
    return certificate;
}

Result<KeyPair> toPem(X509* certificate, EVP_PKEY* key)
{
    const Memory certificateText(BIO_new(BIO_s_mem()));
    const Memory keyText(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(certificateText.get(), certificate) != 1
        || PEM_write_bio_PrivateKey(keyText.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return failure("could not write a demo certificate", ErrorCode::Internal);
    return KeyPair { textOf(certificateText.get()), textOf(keyText.get()) };
}

Result<KeyPair> signAndWrite(Certificate certificate, const Key& key, EVP_PKEY* issuerKey)
{
    if (X509_sign(certificate.get(), issuerKey, EVP_sha256()) == 0)
        return failure("could not sign a demo certificate", ErrorCode::Internal);
    return toPem(certificate.get(), key.get());
}

} // namespace

Result<KeyPair> makeAuthority(const std::string& commonName, int64_t notBeforeS, int64_t notAfterS)
{
    const Key key(EVP_EC_gen("P-256"));
    Certificate certificate = makeUnsigned({ commonName, {}, notBeforeS, notAfterS }, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    if (!addExtension(
            certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE")
        || !addExtension(
            certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign")
        || !addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash"))
        return failure("could not make the demo authority", ErrorCode::Internal);
    return signAndWrite(std::move(certificate), key, key.get());
}

Result<KeyPair> makeLeaf(const KeyPair& authority, const LeafRequest& request)
{
    const Memory issuerText(BIO_new_mem_buf(
        authority.certificatePem.data(), static_cast<int>(authority.certificatePem.size())));
    const Memory issuerKeyText(
        BIO_new_mem_buf(authority.keyPem.data(), static_cast<int>(authority.keyPem.size())));
    const Certificate issuer(PEM_read_bio_X509(issuerText.get(), nullptr, nullptr, nullptr));
    const Key issuerKey(PEM_read_bio_PrivateKey(issuerKeyText.get(), nullptr, nullptr, nullptr));
    const Key key(EVP_EC_gen("P-256"));
    if (!issuer || !issuerKey || !key)
        return failure("could not read the demo authority", ErrorCode::Internal);
    Certificate certificate = makeUnsigned(request, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
    if (!addExtension(certificate.get(), issuer.get(), NID_subject_alt_name, request.altNames)
        || !addExtension(
            certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth"))
        return failure(
            "could not make a demo certificate for " + request.commonName, ErrorCode::Internal);
    return signAndWrite(std::move(certificate), key, issuerKey.get());
}

} // namespace fleetglass::demo
