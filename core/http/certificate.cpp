#include "core/http/certificate.h"

#include "core/base/utf8.h"

#include <arpa/inet.h>
#include <array>
#include <ctime>
#include <memory>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace fleetglass::http {

namespace {

struct BioFree
{
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

constexpr size_t kNameBytesMax = 1024;

std::string textOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

int64_t msOf(const ASN1_TIME* time)
{
    std::tm parts {};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
        return 0;
    return static_cast<int64_t>(timegm(&parts)) * 1000;
}

std::string addressText(const unsigned char* bytes, int size)
{
    std::array<char, INET6_ADDRSTRLEN> text {};
    if (size != 4 && size != 16)
        return {};
    const int family = size == 4 ? AF_INET : AF_INET6;
    return inet_ntop(family, bytes, text.data(), text.size()) ? text.data() : "";
}

std::string altNameText(const GENERAL_NAME* name)
{
    if (name->type == GEN_IPADD)
        return "IP:"
            + addressText(
                ASN1_STRING_get0_data(name->d.iPAddress), ASN1_STRING_length(name->d.iPAddress));
    const ASN1_STRING* text = nullptr;
    std::string kind;
    if (name->type == GEN_DNS) {
        kind = "DNS:";
        text = name->d.dNSName;
    } else if (name->type == GEN_URI) {
        kind = "URI:";
        text = name->d.uniformResourceIdentifier;
    } else if (name->type == GEN_EMAIL) {
        kind = "email:";
        text = name->d.rfc822Name;
    } else {
        return "other";
    }
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
    return kind
        + clipUtf8(std::string_view(bytes, static_cast<size_t>(ASN1_STRING_length(text))), 256);
}

std::vector<std::string> altNamesOf(X509* certificate)
{
    std::vector<std::string> names;
    auto* list = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(list) && i < 100; ++i)
        names.push_back(altNameText(sk_GENERAL_NAME_value(list, i)));
    GENERAL_NAMES_free(list);
    return names;
}

std::string serialOf(X509* certificate)
{
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    if (number == nullptr)
        return {};
    char* hex = BN_bn2hex(number);
    std::string text = hex == nullptr ? "" : hex;
    OPENSSL_free(hex);
    BN_free(number);
    return text;
}

std::string curveOf(EVP_PKEY* key)
{
    std::array<char, 64> group {};
    size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1)
        return "ECDSA";
    const std::string_view name(group.data(), size);
    if (name == "prime256v1")
        return "ECDSA P-256";
    if (name == "secp384r1")
        return "ECDSA P-384";
    if (name == "secp521r1")
        return "ECDSA P-521";
    return "ECDSA " + std::string(name);
}

std::string keyOf(X509* certificate)
{
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr)
        return "unknown";
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
    case EVP_PKEY_EC:
        return curveOf(key);
    case EVP_PKEY_ED25519:
        return "Ed25519";
    case EVP_PKEY_ED448:
        return "Ed448";
    default:
        return EVP_PKEY_get0_type_name(key) ? EVP_PKEY_get0_type_name(key) : "unknown";
    }
}

std::string fingerprint(X509* certificate, bool forPeople)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1)
        return {};
    const char* digits = forPeople ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (forPeople && i > 0)
            text += ':';
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

} // namespace

std::string describeName(const X509_NAME* name)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    // RFC 2253 escapes controls, and with this flag bytes beyond ASCII stay UTF-8.
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    return clipUtf8(textOf(bio.get()), kNameBytesMax);
}

std::string describeTime(int64_t ms)
{
    const std::time_t seconds = ms / 1000;
    std::tm parts {};
    gmtime_r(&seconds, &parts);
    std::array<char, 40> text {};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text.data();
}

std::string fingerprintHex(X509* certificate)
{
    return fingerprint(certificate, false);
}

Certificate describeCertificate(X509* certificate)
{
    Certificate result;
    result.subject = describeName(X509_get_subject_name(certificate));
    result.issuer = describeName(X509_get_issuer_name(certificate));
    result.altNames = altNamesOf(certificate);
    result.notBeforeMs = msOf(X509_get0_notBefore(certificate));
    result.notAfterMs = msOf(X509_get0_notAfter(certificate));
    result.serial = serialOf(certificate);
    result.sha256 = fingerprint(certificate, true);
    result.key = keyOf(certificate);
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(bio.get(), certificate) == 1)
        result.pem = textOf(bio.get());
    return result;
}

bool matchesHost(X509* certificate, const std::string& host)
{
    std::array<unsigned char, 16> bytes {};
    if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1)
        return X509_check_ip(certificate, bytes.data(), 4, 0) == 1;
    if (inet_pton(AF_INET6, host.substr(0, host.find('%')).c_str(), bytes.data()) == 1)
        return X509_check_ip(certificate, bytes.data(), 16, 0) == 1;
    return X509_check_host(
               certificate, host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr)
        == 1;
}

} // namespace fleetglass::http
