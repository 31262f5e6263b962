#include "core/discovery/kubernetes_exec.h"

#include "core/base/utf8.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fleetglass::discovery::kubernetes {

namespace {

constexpr size_t kOutBytesMax = 1u << 20;
constexpr size_t kErrorBytesMax = 64u << 10;

bool isPassedOn(std::string_view entry)
{
    constexpr std::array<std::string_view, 18> kNames { "PATH", "HOME", "USER", "LOGNAME", "LANG",
        "LANGUAGE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY",
        "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "DISPLAY",
        "DBUS_SESSION_BUS_ADDRESS" };
    constexpr std::array<std::string_view, 10> kFamilies { "LC_", "XDG_", "AWS_", "AZURE_", "AAD_",
        "ARM_", "GOOGLE_", "CLOUDSDK_", "USE_GKE_", "KUBECONFIG" };
    const std::string_view name = entry.substr(0, entry.find('='));
    for (const std::string_view known : kNames) {
        if (name == known)
            return true;
    }
    for (const std::string_view family : kFamilies) {
        if (name.starts_with(family))
            return true;
    }
    return false;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// The two ends of a pipe; those left at -1 are not closed.
struct Pipe
{
    int ends[2] { -1, -1 };
    ~Pipe()
    {
        for (const int end : ends) {
            if (end >= 0)
                ::close(end);
        }
    }
    bool open() { return ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0; }
    int takeReadEnd() { return std::exchange(ends[0], -1); }
};

struct SpawnSettings
{
    posix_spawn_file_actions_t actions {};
    posix_spawnattr_t attributes {};

    SpawnSettings(const Pipe& out, const Pipe& error)
    {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, error.ends[1], STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        posix_spawnattr_init(&attributes);
        sigset_t signals;
        sigfillset(&signals);
        sigdelset(&signals, SIGKILL);
        sigdelset(&signals, SIGSTOP);
        posix_spawnattr_setsigdefault(&attributes, &signals);
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&attributes, &signals);
        // A group of its own: whatever it starts ends with it.
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnSettings()
    {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
};

std::string lastLine(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    const size_t start = text.rfind('\n');
    return clipUtf8(text.substr(start == std::string_view::npos ? 0 : start + 1), 200);
}

} // namespace

std::vector<std::string> pluginEnvironment(
    const KubernetesExec& exec, const std::string& info, const World& world)
{
    std::vector<std::string> environment;
    for (const std::string& entry : world.environment) {
        if (isPassedOn(entry))
            environment.push_back(entry);
    }
    for (const auto& [name, value] : exec.environment) {
        std::erase_if(
            environment, [&](const std::string& entry) { return entry.starts_with(name + '='); });
        environment.push_back(name + '=' + value);
    }
    environment.push_back("KUBERNETES_EXEC_INFO=" + info);
    return environment;
}

PluginRun::PluginRun(std::string command, std::string installHint, BootTime started)
    : m_command(std::move(command))
    , m_installHint(std::move(installHint))
    , m_started(started)
{
}

Result<std::unique_ptr<PluginRun>> PluginRun::start(
    const KubernetesExec& exec, const std::vector<std::string>& environment, BootTime now)
{
    Pipe out;
    Pipe error;
    if (!out.open() || !error.open())
        return failure(std::string("no pipe for an exec plugin: ") + std::strerror(errno));
    // The plugin itself expects ends that wait.
    for (const int end : { out.ends[1], error.ends[1] })
        ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) & ~O_NONBLOCK);
    std::vector<std::string> arguments { exec.command };
    arguments.insert(arguments.end(), exec.args.begin(), exec.args.end());
    std::vector<std::string> variables = environment;
    const SpawnSettings settings(out, error);
    std::unique_ptr<PluginRun> run(new PluginRun(exec.command, exec.installHint, now));
    const int problem = ::posix_spawnp(&run->m_pid, exec.command.c_str(), &settings.actions,
        &settings.attributes, pointersTo(arguments).data(), pointersTo(variables).data());
    if (problem != 0) {
        run->m_pid = -1;
        return failure("exec plugin \"" + exec.command
            + "\" cannot be started: " + std::strerror(problem)
            + (exec.installHint.empty() ? "" : "; " + clipUtf8(exec.installHint, 300)));
    }
    run->m_outPipe = out.takeReadEnd();
    run->m_errorPipe = error.takeReadEnd();
    return run;
}

PluginRun::~PluginRun()
{
    end();
}

void PluginRun::end()
{
    if (m_pid > 0) {
        ::kill(-m_pid, SIGKILL);
        while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
        m_pid = -1;
    }
    for (int* pipe : { &m_outPipe, &m_errorPipe }) {
        if (*pipe >= 0)
            ::close(*pipe);
        *pipe = -1;
    }
}

void PluginRun::drain(int& pipe, std::string& text, size_t bytesMax)
{
    while (pipe >= 0) {
        char buffer[4'096];
        const ssize_t count = ::read(pipe, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return; // Nothing now.
        if (count == 0) {
            ::close(pipe);
            pipe = -1;
            return;
        }
        if (text.size() + static_cast<size_t>(count) > bytesMax)
            m_tooMuch = m_tooMuch || &text == &m_out;
        else
            text.append(buffer, static_cast<size_t>(count));
    }
}

std::optional<Result<std::string>> PluginRun::poll(BootTime now)
{
    if (m_pid <= 0)
        return std::nullopt;
    drain(m_outPipe, m_out, kOutBytesMax);
    drain(m_errorPipe, m_error, kErrorBytesMax);
    int status = 0;
    const int ended = ::waitpid(m_pid, &status, WNOHANG);
    if (ended == m_pid) {
        drain(m_outPipe, m_out, kOutBytesMax);
        drain(m_errorPipe, m_error, kErrorBytesMax);
        ::kill(-m_pid, SIGKILL); // What it left behind.
        m_pid = -1;
        end();
        return resultOf(status);
    }
    if (now - m_started < kTimeMax && !m_tooMuch)
        return std::nullopt;
    end();
    return Result<std::string>(failure("exec plugin \"" + m_command + "\" "
        + (m_tooMuch ? "printed more than 1 MiB"
                     : "did not answer in 60 s; was it asking something?")));
}

Result<std::string> PluginRun::resultOf(int status) const
{
    if (m_tooMuch)
        return failure("exec plugin \"" + m_command + "\" printed more than 1 MiB");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return m_out;
    std::string text = "exec plugin \"" + m_command + "\" ";
    if (WIFSIGNALED(status))
        text += "was ended by signal " + std::to_string(WTERMSIG(status));
    else
        text += "failed with code " + std::to_string(WEXITSTATUS(status));
    if (const std::string line = lastLine(m_error); !line.empty())
        text += ": " + line;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && !m_installHint.empty())
        text += "; " + clipUtf8(m_installHint, 300);
    return failure(std::move(text));
}

} // namespace fleetglass::discovery::kubernetes
