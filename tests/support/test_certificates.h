// Certificates made on the spot for tests: an authority and what it signs, good and bad.
// Used from one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace fleetglass::test {

struct KeyAndCertificate
{
    std::string certificatePem;
    std::string keyPem;
    std::string sha256; // Lower-case hex.
    std::string chainPem {}; // What is sent besides: intermediates.
};

struct CertificateWish
{
    std::string commonName = "localhost";
    std::vector<std::string> dnsNames { "localhost" };
    std::vector<std::string> addresses { "127.0.0.1" };
    std::chrono::seconds validFrom { -3600 }; // From now.
    std::chrono::seconds validUntil { 3600 };
    bool forClients = false;
};

class TestAuthority
{
public:
    explicit TestAuthority(const std::string& commonName);
    ~TestAuthority();

    const std::string& pem() const { return m_pem; }
    KeyAndCertificate issue(const CertificateWish& wish) const;
    // With so many authorities in between, each of which has signed the next.
    KeyAndCertificate issueThrough(int intermediates, const CertificateWish& wish) const;
    // A revocation list with this one of ours on it.
    std::string revocationList(const KeyAndCertificate& revoked) const;
    static KeyAndCertificate selfSigned(const CertificateWish& wish);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
    std::string m_pem;
};

} // namespace fleetglass::test
