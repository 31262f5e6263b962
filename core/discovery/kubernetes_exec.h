// Exec plugins: programs that answer credentials (kubernetes.io/docs/reference/access-authn-authz/
// authentication/#client-go-credential-plugins). They are started without a shell, with a short
// environment, and looked at now and then: nothing waits for them. Used from one thread at a time.
#pragma once

#include "core/discovery/kubernetes_options.h"
#include "core/discovery/kubernetes_world.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fleetglass::discovery::kubernetes {

struct ExecCredential
{
    Secret token;
    std::string certificatePem;
    Secret keyPem;
    std::optional<int64_t> expiresMs; // Since the epoch; nothing: good until it is refused.
};

// What a plugin printed. Errors never hold a credential.
Result<ExecCredential> readExecCredential(
    std::string_view json, const std::string& command, const std::string& apiVersion);

// KUBERNETES_EXEC_INFO: what the plugin is told.
std::string execInfo(const KubernetesAccess& access);

// "NAME=value" of what a plugin gets: the variables that find programs, homes, clouds and proxies,
// and those of the kubeconfig; nothing else of ours.
std::vector<std::string> pluginEnvironment(
    const KubernetesExec& exec, const std::string& info, const World& world);

// "2026-11-20T10:00:00Z", with fractions and offsets, in milliseconds since the epoch.
std::optional<int64_t> parseTimestampMs(std::string_view text);

// A plugin that runs. The destructor ends it.
class PluginRun
{
public:
    using BootTime = std::chrono::nanoseconds;

    static Result<std::unique_ptr<PluginRun>> start(
        const KubernetesExec& exec, const std::vector<std::string>& environment, BootTime now);
    ~PluginRun();
    PluginRun(const PluginRun&) = delete;
    PluginRun& operator=(const PluginRun&) = delete;

    // What it printed, once it has ended well, or why it has not; nothing while it runs.
    std::optional<Result<std::string>> poll(BootTime now);

    static constexpr std::chrono::seconds kTimeMax { 60 };
    static constexpr std::chrono::milliseconds kPollEvery { 30 };

private:
    PluginRun(std::string command, std::string installHint, BootTime started);
    void drain(int& pipe, std::string& text, size_t bytesMax);
    void end();
    Result<std::string> resultOf(int status) const;

    const std::string m_command;
    const std::string m_installHint;
    const BootTime m_started;
    int m_pid = -1;
    int m_outPipe = -1;
    int m_errorPipe = -1;
    bool m_tooMuch = false;
    std::string m_out;
    std::string m_error;
};

} // namespace fleetglass::discovery::kubernetes
