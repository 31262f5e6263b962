// TlsMaterial: the certificates and the key of a tls_config, read and checked, ready for OpenSSL.
// Immutable; share freely.
#pragma once

#include "core/base/guarded.h"
#include "core/base/result.h"
#include "core/http/client_options.h"

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <unordered_map>
#include <vector>

namespace fleetglass::http {

template<class T, void (*Free)(T*)>
struct OpensslFree
{
    void operator()(T* object) const { Free(object); }
};
using X509Ptr = std::unique_ptr<X509, OpensslFree<X509, X509_free>>;
using StorePtr = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE, X509_STORE_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY, EVP_PKEY_free>>;

struct TlsMaterial
{
    std::string id; // Differs where anything below differs: connections are kept apart by it.
    StorePtr store; // Whom we trust.
    std::string trust; // "trusted by /etc/etcha/ca.pem"
    std::vector<X509Ptr> clientChain; // Ours, leaf first; empty: none.
    KeyPtr clientKey;
    std::string serverName;
    std::string trustedSha256;
    bool insecure = false;
    TlsVersion minVersion = TlsVersion::Default;
    TlsVersion maxVersion = TlsVersion::Default;
};

using TlsMaterialPtr = std::shared_ptr<const TlsMaterial>;

// Keeps what was read as long as the files say the same. Thread-safe.
class TlsMaterials
{
public:
    // Reads the files anew; errors say which file and what is wrong with it. Without its client
    // certificate for a server of another origin.
    Result<TlsMaterialPtr> load(const TlsOptions& options, bool withClientCertificate);

private:
    Guarded<std::unordered_map<std::string, TlsMaterialPtr>> m_known; // By id.
};

} // namespace fleetglass::http
