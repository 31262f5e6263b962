#include "core/http/peer_check.h"

#include "core/http/certificate.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace fleetglass::http {

namespace {

constexpr int kChainDepthMax = 10;
constexpr int kChainShownMax = 20;

struct Attached
{
    PeerCheckOptions options;
    std::shared_ptr<PeerReport> report;
};

void freeAttached(void*, void* pointer, CRYPTO_EX_DATA*, int, long, void*)
{
    delete static_cast<Attached*>(pointer);
}

int attachedIndex()
{
    static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, freeAttached);
    return kIndex;
}

Attached* attachedTo(const SSL_CTX* context)
{
    return static_cast<Attached*>(SSL_CTX_get_ex_data(context, attachedIndex()));
}

Failure tlsFailure(FailureCode code, std::string message)
{
    return { Phase::Tls, code, std::move(message) };
}

std::string whose(X509* certificate, int depth)
{
    return depth == 0
        ? "certificate"
        : "certificate of the issuer " + describeName(X509_get_subject_name(certificate));
}

Failure describeChainError(X509_STORE_CTX* context, X509* leaf)
{
    const int error = X509_STORE_CTX_get_error(context);
    const int depth = X509_STORE_CTX_get_error_depth(context);
    X509* current = X509_STORE_CTX_get_current_cert(context);
    X509* certificate = current == nullptr ? leaf : current;
    const Certificate shown = describeCertificate(certificate);
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return tlsFailure(FailureCode::TlsExpired,
            whose(certificate, depth) + " expired " + describeTime(shown.notAfterMs));
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return tlsFailure(FailureCode::TlsNotYetValid,
            whose(certificate, depth) + " is not valid before " + describeTime(shown.notBeforeMs));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return tlsFailure(
            FailureCode::TlsSelfSigned, "self-signed certificate (" + shown.subject + ")");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return tlsFailure(FailureCode::TlsUnknownAuthority,
            "certificate signed by unknown authority (issuer " + shown.subject + ")");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return tlsFailure(FailureCode::TlsUnknownAuthority,
            "certificate signed by unknown authority (issuer " + shown.issuer + ")");
    case X509_V_ERR_CERT_REVOKED:
        return tlsFailure(FailureCode::TlsRevoked, whose(certificate, depth) + " was revoked");
    default:
        return tlsFailure(FailureCode::TlsUntrusted,
            whose(certificate, depth)
                + " cannot be trusted: " + X509_verify_cert_error_string(error));
    }
}

Failure describeWrongHost(const Certificate& leaf, const std::string& host)
{
    if (leaf.altNames.empty())
        return tlsFailure(FailureCode::TlsWrongHost,
            "certificate names no host (no subject alternative name), so it is not for " + host);
    std::string names;
    for (size_t i = 0; i < leaf.altNames.size() && i < 5; ++i)
        names += (i == 0 ? "" : ", ") + leaf.altNames[i];
    if (leaf.altNames.size() > 5)
        names += " and " + std::to_string(leaf.altNames.size() - 5) + " more";
    return tlsFailure(
        FailureCode::TlsWrongHost, "certificate is for " + names + ", not for " + host);
}

std::vector<Certificate> presentedChain(X509_STORE_CTX* context, X509* leaf)
{
    std::vector<Certificate> chain { describeCertificate(leaf) };
    STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(context);
    for (int i = 0; i < sk_X509_num(sent) && i < kChainShownMax; ++i) {
        if (X509_cmp(sk_X509_value(sent, i), leaf) != 0)
            chain.push_back(describeCertificate(sk_X509_value(sent, i)));
    }
    return chain;
}

// The verdict on a leaf with its chain already checked by OpenSSL.
void judge(const Attached& attached, X509_STORE_CTX* context, X509* leaf, bool chainGood)
{
    PeerReport& report = *attached.report;
    const TlsMaterial& material = *attached.options.material;
    report.hostMatches = matchesHost(leaf, attached.options.host);
    report.verified = chainGood && report.hostMatches;
    if (!material.trustedSha256.empty() && fingerprintHex(leaf) == material.trustedSha256) {
        report.verified = true;
        report.trust = "trusted by its fingerprint, chosen for this job";
        return;
    }
    if (report.verified) {
        report.trust = material.trust;
        return;
    }
    const Failure failure = chainGood
        ? describeWrongHost(report.chain.front(), attached.options.host)
        : describeChainError(context, leaf);
    report.trust = failure.message;
    if (material.insecure)
        report.trust = "not verified (insecure_skip_verify): " + failure.message;
    else
        report.failure = failure;
}

// SSL_CTX_set_cert_verify_callback: replaces OpenSSL's own call of X509_verify_cert.
int verifyPeer(X509_STORE_CTX* context, void* argument)
{
    const auto& attached = *static_cast<Attached*>(argument);
    X509* leaf = X509_STORE_CTX_get0_cert(context);
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_depth(param, kChainDepthMax);
    X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(attached.options.nowMs / 1000));
    PeerReport& report = *attached.report;
    report.seen = true;
    report.chain = presentedChain(context, leaf);
    const bool chainGood = X509_verify_cert(context) == 1;
    judge(attached, context, leaf, chainGood);
    const bool accepted = report.verified || attached.options.material->insecure;
    if (accepted)
        X509_STORE_CTX_set_error(context, X509_V_OK);
    else if (chainGood)
        X509_STORE_CTX_set_error(context, X509_V_ERR_HOSTNAME_MISMATCH);
    return accepted ? 1 : 0;
}

// Called where the server asks for a certificate and we were given none.
int noteClientCertificateAsked(SSL* ssl, X509**, EVP_PKEY**)
{
    if (Attached* attached = attachedTo(SSL_get_SSL_CTX(ssl)))
        attached->report->clientCertificateAsked = true;
    return 0;
}

// OpenSSL 3.0 has no words for the alerts of TLS 1.3.
std::string alertText(int value)
{
    constexpr int kMissingExtension = 109;
    constexpr int kCertificateRequired = 116;
    constexpr int kNoApplicationProtocol = 120;
    switch (value & 0xff) {
    case kMissingExtension:
        return "missing extension";
    case kCertificateRequired:
        return "certificate required";
    case kNoApplicationProtocol:
        return "no application protocol";
    default:
        return SSL_alert_desc_string_long(value);
    }
}

void noteProtocol(const SSL* ssl)
{
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl, &name, &size);
    if (Attached* attached = attachedTo(SSL_get_SSL_CTX(ssl)))
        attached->report->protocol.assign(reinterpret_cast<const char*>(name), size);
}

void noteAlert(const SSL* ssl, int where, int value)
{
    constexpr int kFatal = 2;
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
        noteProtocol(ssl);
    if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT || (value >> 8) != kFatal)
        return;
    if (Attached* attached = attachedTo(SSL_get_SSL_CTX(ssl)))
        attached->report->alert = alertText(value);
}

bool installClientCertificate(SSL_CTX* context, const TlsMaterial& material)
{
    if (material.clientChain.empty())
        return true;
    if (SSL_CTX_use_certificate(context, material.clientChain.front().get()) != 1)
        return false;
    for (size_t i = 1; i < material.clientChain.size(); ++i)
        SSL_CTX_add1_chain_cert(context, material.clientChain[i].get());
    return SSL_CTX_use_PrivateKey(context, material.clientKey.get()) == 1;
}

bool allowsOldTls(const TlsMaterial& material)
{
    return material.minVersion == TlsVersion::Tls10 || material.minVersion == TlsVersion::Tls11;
}

} // namespace

bool installPeerCheck(
    SSL_CTX* context, PeerCheckOptions options, std::shared_ptr<PeerReport> report)
{
    const TlsMaterialPtr material = options.material;
    auto attached = std::make_unique<Attached>(Attached { std::move(options), std::move(report) });
    SSL_CTX_set1_cert_store(context, material->store.get());
    SSL_CTX_set_cert_verify_callback(context, verifyPeer, attached.get());
    SSL_CTX_set_client_cert_cb(context, noteClientCertificateAsked);
    SSL_CTX_set_info_callback(context, noteAlert);
    // libcurl obeys SSLKEYLOGFILE; nobody may write our session keys to a file.
    SSL_CTX_set_keylog_callback(context, nullptr);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    if (allowsOldTls(*material))
        SSL_CTX_set_security_level(context, 0); // The job's min_version asks for it.
    SSL_CTX_set_ex_data(context, attachedIndex(), attached.release());
    const bool ok = installClientCertificate(context, *material);
    ERR_clear_error();
    return ok;
}

std::shared_ptr<PeerReport> peerReportOf(SSL* ssl)
{
    if (ssl == nullptr)
        return nullptr;
    const Attached* attached = attachedTo(SSL_get_SSL_CTX(ssl));
    return attached == nullptr ? nullptr : attached->report;
}

} // namespace fleetglass::http
