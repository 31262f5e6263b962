#include "core/discovery/kubernetes_credentials.h"

#include <algorithm>

namespace fleetglass::discovery::kubernetes {

namespace {
using namespace std::chrono_literals;

// A credential is renewed a little before its time.
constexpr int64_t kEarlyMs = 10'000;
constexpr auto kLookEvery = 5s;
} // namespace

Credentials::Credentials(KubernetesAccess access, const Clock& clock, const World& world)
    : m_access(std::move(access))
    , m_clock(clock)
    , m_world(world)
{
    if (!m_access.exec)
        m_client.with([&](ClientPtr& client) {
            client = std::make_shared<const http::ClientOptions>(m_access.client);
        });
}

bool Credentials::isExpired() const
{
    return m_expiresMs && m_clock.wallMs() + kEarlyMs >= *m_expiresMs;
}

void Credentials::poll(BootTime now)
{
    if (!m_access.exec)
        return;
    if (m_run) {
        if (const auto result = m_run->poll(now)) {
            m_run.reset();
            take(*result, now);
        }
        return;
    }
    if ((m_wanted || isExpired()) && now >= m_notBefore)
        start(now);
}

Credentials::BootTime Credentials::untilDue(BootTime now) const
{
    if (!m_access.exec)
        return std::chrono::hours(24);
    if (m_run)
        return PluginRun::kPollEvery;
    if (m_wanted || isExpired())
        return std::max(m_notBefore - now, BootTime(0));
    return kLookEvery; // The wall clock may step.
}

void Credentials::refused(BootTime)
{
    // Fixed ones are what they are; a file is read anew with each request.
    m_wanted = m_access.exec.has_value();
}

void Credentials::start(BootTime now)
{
    const auto environment = pluginEnvironment(*m_access.exec, execInfo(m_access), m_world);
    auto run = PluginRun::start(*m_access.exec, environment, now);
    if (!run)
        return fail(run.error().message, now);
    m_run = std::move(*run);
}

void Credentials::fail(const std::string& message, BootTime now)
{
    m_error = message;
    m_wanted = true;
    m_notBefore = now + kRetryAfter;
}

void Credentials::take(const Result<std::string>& printed, BootTime now)
{
    if (!printed)
        return fail(printed.error().message, now);
    auto credential
        = readExecCredential(*printed, m_access.exec->command, m_access.exec->apiVersion);
    if (!credential)
        return fail(credential.error().message, now);
    if (credential->expiresMs && *credential->expiresMs <= m_clock.wallMs())
        return fail("exec plugin \"" + m_access.exec->command
                + "\" answered a credential that has expired already",
            now);
    http::ClientOptions client = m_access.client;
    if (!credential->token.empty())
        client.authorization
            = http::Authorization { "Bearer", { std::move(credential->token), {} } };
    if (!credential->certificatePem.empty()) {
        client.tls.certFile.clear();
        client.tls.cert = std::move(credential->certificatePem);
        client.tls.key = { std::move(credential->keyPem), {} };
    }
    m_expiresMs = credential->expiresMs;
    m_wanted = false;
    m_notBefore = now + kRetryAfter; // Never more often, however short it lives.
    m_error.clear();
    m_client.with([&](ClientPtr& current) {
        current = std::make_shared<const http::ClientOptions>(std::move(client));
    });
}

} // namespace fleetglass::discovery::kubernetes
