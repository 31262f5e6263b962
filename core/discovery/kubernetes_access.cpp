#include "core/discovery/kubernetes_access.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX gives it no header of its own.

namespace fleetglass::discovery::kubernetes {

namespace {

constexpr size_t kFileBytesMax = 4u << 20;

std::vector<std::string> pathsIn(const std::string& list)
{
    std::vector<std::string> paths;
    size_t start = 0;
    while (start <= list.size()) {
        const size_t end = std::min(list.find(':', start), list.size());
        if (end > start)
            paths.push_back(list.substr(start, end - start));
        start = end + 1;
    }
    return paths;
}

std::string canonical(const std::string& path)
{
    std::error_code error;
    const auto result = std::filesystem::weakly_canonical(path, error);
    return error ? path : result.string();
}

bool exists(const std::string& path)
{
    struct stat status
    {
    };
    return ::stat(path.c_str(), &status) == 0;
}

Result<KubernetesAccess> accessOfKubeconfig(
    const std::string& path, const KubernetesOptions& options, const World& world)
{
    if (options.readKubeconfig == nullptr)
        return failure(path + ": kubeconfig files are not read here");
    const auto text = readSmallFile(path);
    if (!text)
        return failure(text.error());
    auto access = options.readKubeconfig(*text, path);
    if (access && access->exec && !mayRunPlugins(path, world))
        return failure(path + ": its exec plugin \"" + access->exec->command
            + "\" is not started, because a config that is opened must not start programs: move "
              "the kubeconfig to ~/.kube, or name it in the variable KUBECONFIG");
    return access;
}

KubernetesAccess accessOfServiceAccount(const World& world)
{
    std::string host = world.variable("KUBERNETES_SERVICE_HOST");
    if (host.find(':') != std::string::npos)
        host = '[' + host + ']';
    const std::string& directory = world.serviceAccountDirectory;
    KubernetesAccess access;
    access.server = "https://" + host + ':' + world.variable("KUBERNETES_SERVICE_PORT");
    access.client.authorization = http::Authorization { "Bearer", { {}, directory + "/token" } };
    if (exists(directory + "/ca.crt"))
        access.client.tls.caFile = directory + "/ca.crt";
    access.ownNamespace = readSmallFile(directory + "/namespace").value_or("");
    access.source = "the service account of this pod";
    return access;
}

// The first file that is there, as far as we merge none.
std::string userKubeconfig(const World& world)
{
    for (const std::string& path : pathsIn(world.variable("KUBECONFIG"))) {
        if (exists(path))
            return path;
    }
    const std::string home = world.variable("HOME");
    const std::string standard = home + "/.kube/config";
    return !home.empty() && exists(standard) ? standard : std::string();
}

} // namespace

std::string World::variable(std::string_view name) const
{
    for (const std::string& entry : environment) {
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return entry.substr(name.size() + 1);
    }
    return {};
}

World World::ofProcess()
{
    World world;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        world.environment.emplace_back(*entry);
    return world;
}

Result<std::string> readSmallFile(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return failure(path + ": " + std::strerror(errno), ErrorCode::Io);
    struct stat status
    {
    };
    std::string text;
    std::string problem;
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        problem = "not a regular file";
    while (problem.empty() && text.size() <= kFileBytesMax) {
        char buffer[16'384];
        const ssize_t count = ::read(file, buffer, sizeof buffer);
        if (count < 0 && errno != EINTR)
            problem = std::strerror(errno);
        if (count == 0)
            break;
        if (count > 0)
            text.append(buffer, static_cast<size_t>(count));
    }
    ::close(file);
    if (problem.empty() && text.size() > kFileBytesMax)
        problem = "larger than 4 MiB";
    if (!problem.empty())
        return failure(path + ": " + problem, ErrorCode::Io);
    return text;
}

Result<KubernetesAccess> findAccess(const KubernetesOptions& options, const World& world)
{
    if (!options.apiServer.empty()) {
        KubernetesAccess access;
        access.server = options.apiServer;
        while (access.server.ends_with('/'))
            access.server.pop_back();
        access.client = options.client;
        access.source = "api_server";
        return access;
    }
    if (!options.kubeconfigFile.empty())
        return accessOfKubeconfig(options.kubeconfigFile, options, world);
    if (!world.variable("KUBERNETES_SERVICE_HOST").empty())
        return accessOfServiceAccount(world);
    if (const std::string path = userKubeconfig(world); !path.empty())
        return accessOfKubeconfig(path, options, world);
    return failure(
        "no Kubernetes cluster is known: this computer is not part of one and there is no "
        "~/.kube/config; set api_server or kubeconfig_file",
        ErrorCode::NotFound);
}

bool mayRunPlugins(const std::string& kubeconfigPath, const World& world)
{
    const std::string path = canonical(kubeconfigPath);
    for (const std::string& listed : pathsIn(world.variable("KUBECONFIG"))) {
        if (canonical(listed) == path)
            return true;
    }
    const std::string home = world.variable("HOME");
    if (!home.empty() && path.starts_with(canonical(home + "/.kube") + '/'))
        return true;
    struct stat status
    {
    };
    return ::stat(path.c_str(), &status) == 0 && status.st_uid == 0 && ::geteuid() != 0
        && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

} // namespace fleetglass::discovery::kubernetes
