#include "core/config/kubernetes_kubeconfig.h"

#include "core/config/base64.h"
#include "core/config/http_section.h"
#include "core/config/section.h"
#include "core/config/yaml_reader.h"
#include "core/labels/labels.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace fleetglass::config {

namespace {

using discovery::KubernetesAccess;
using discovery::KubernetesExec;

const YamlNode* valueAt(const YamlNode& map, std::string_view key)
{
    const YamlEntry* entry = map.find(key);
    return entry != nullptr && !entry->value->isNull() ? entry->value : nullptr;
}

std::string textAt(const YamlNode& map, std::string_view key)
{
    const YamlNode* value = valueAt(map, key);
    return value != nullptr ? value->text : std::string();
}

bool flagAt(const YamlNode& map, std::string_view key)
{
    return yamlBoolean(textAt(map, key)).value_or(false);
}

// Depth is bounded by the YAML reader.
nlohmann::json jsonOf(const YamlNode& node)
{
    if (node.isMap()) {
        auto object = nlohmann::json::object();
        for (const YamlEntry& entry : node.entries)
            object[entry.key] = jsonOf(*entry.value);
        return object;
    }
    if (node.isSequence()) {
        auto list = nlohmann::json::array();
        for (const YamlNode* item : node.items)
            list.push_back(jsonOf(*item));
        return list;
    }
    if (node.isNull())
        return nullptr;
    if (node.plain && (node.text == "true" || node.text == "false"))
        return node.text == "true";
    return node.text;
}

class KubeconfigReader
{
public:
    explicit KubeconfigReader(const std::string& path)
        : m_directory(std::filesystem::path(path).parent_path().string())
        , m_path(path)
    {
    }

    Result<KubernetesAccess> read(const YamlNode& root)
    {
        if (!root.isMap() || (root.find("clusters") == nullptr && root.find("contexts") == nullptr))
            return fail(root, "this is no kubeconfig: it has neither clusters nor contexts");
        const std::string context = textAt(root, "current-context");
        if (context.empty())
            return fail(root,
                "no current-context is set: choose one with \"kubectl config use-context NAME\" ("
                    + namesIn(root, "contexts") + ")");
        const auto chosen = entryOf(root, "contexts", "context", context);
        if (!chosen)
            return failure(chosen.error());
        const auto cluster = entryOf(root, "clusters", "cluster", textAt(**chosen, "cluster"));
        if (!cluster)
            return failure(cluster.error());
        KubernetesAccess access;
        access.source = "kubeconfig " + m_path + ", context " + context;
        access.ownNamespace = textAt(**chosen, "namespace");
        if (const auto done = readCluster(**cluster, access); !done)
            return failure(done.error());
        const std::string user = textAt(**chosen, "user");
        if (user.empty())
            return access;
        const auto found = entryOf(root, "users", "user", user);
        if (!found)
            return failure(found.error());
        if (const auto done = readUser(**found, access); !done)
            return failure(done.error());
        return access;
    }

private:
    tl::unexpected<Error> fail(const YamlNode& node, const std::string& message) const
    {
        return failure(Error { ErrorCode::Invalid, message, node.position }.at(m_path));
    }

    static std::string namesIn(const YamlNode& root, std::string_view list)
    {
        std::string names;
        const YamlNode* items = valueAt(root, list);
        for (const YamlNode* item : items ? items->items : std::vector<const YamlNode*> {})
            names += (names.empty() ? "" : ", ") + labels::quote(textAt(*item, "name"));
        return names.empty() ? std::string(list) + " is empty" : "there are " + names;
    }

    // {name: NAME, KEY: {...}} of a list.
    Result<const YamlNode*> entryOf(const YamlNode& root, std::string_view list,
        std::string_view key, const std::string& wanted) const
    {
        const YamlNode* items = valueAt(root, list);
        for (const YamlNode* item : items ? items->items : std::vector<const YamlNode*> {}) {
            if (!item->isMap() || textAt(*item, "name") != wanted)
                continue;
            const YamlNode* value = valueAt(*item, key);
            if (value == nullptr || !value->isMap())
                return fail(*item, labels::quote(wanted) + " has no \"" + std::string(key) + "\"");
            return value;
        }
        return fail(items ? *items : root,
            std::string(key) + ' ' + labels::quote(wanted)
                + " is not in this file: " + namesIn(root, list));
    }

    std::string resolved(const std::string& file) const
    {
        if (file.empty() || file.starts_with('/') || m_directory.empty())
            return file;
        return (std::filesystem::path(m_directory) / file).lexically_normal().string();
    }

    // The PEM text of KEY-data.
    Result<std::string> dataAt(const YamlNode& map, const std::string& key) const
    {
        const YamlNode* value = valueAt(map, key + "-data");
        if (value == nullptr || value->text.empty())
            return std::string();
        const auto decoded = decodeBase64(value->text);
        if (!decoded)
            return fail(*value, key + "-data is not base64");
        if (decoded->find("-----BEGIN ") == std::string::npos)
            return fail(*value, key + "-data holds no PEM text (\"-----BEGIN ...\")");
        return *decoded;
    }

    Result<void> readCluster(const YamlNode& cluster, KubernetesAccess& access)
    {
        access.server = textAt(cluster, "server");
        const YamlNode* server = valueAt(cluster, "server");
        if (access.server.empty())
            return fail(cluster, "the cluster has no \"server\"");
        while (access.server.ends_with('/'))
            access.server.pop_back();
        const std::string_view scheme = urlScheme(access.server);
        if (!urlProblem(access.server).empty() || (scheme != "https" && scheme != "http"))
            return fail(*server,
                "server " + labels::quote(withoutUserinfo(access.server))
                    + " is not a URL like \"https://10.0.0.1:6443\"");
        http::TlsOptions& tls = access.client.tls;
        auto authority = dataAt(cluster, "certificate-authority");
        if (!authority)
            return failure(authority.error());
        tls.ca = std::move(*authority);
        if (tls.ca.empty())
            tls.caFile = resolved(textAt(cluster, "certificate-authority"));
        tls.serverName = textAt(cluster, "tls-server-name");
        tls.insecureSkipVerify = flagAt(cluster, "insecure-skip-tls-verify");
        access.client.proxy.url = Secret(textAt(cluster, "proxy-url"));
        m_clusterExtension = extensionOf(cluster);
        return {};
    }

    // What a cluster keeps for exec plugins, under a name the API reserves.
    static std::string extensionOf(const YamlNode& cluster)
    {
        const YamlNode* list = valueAt(cluster, "extensions");
        for (const YamlNode* item : list ? list->items : std::vector<const YamlNode*> {}) {
            const YamlNode* value = valueAt(*item, "extension");
            if (textAt(*item, "name") == "client.authentication.k8s.io/exec" && value != nullptr)
                return jsonOf(*value).dump();
        }
        return {};
    }

    Result<void> readUser(const YamlNode& user, KubernetesAccess& access) const
    {
        if (const YamlNode* provider = valueAt(user, "auth-provider"))
            return fail(*provider,
                "auth-provider " + labels::quote(textAt(*provider, "name"))
                    + " is no longer part of Kubernetes: use the exec plugin of your provider "
                      "(gke-gcloud-auth-plugin, kubelogin)");
        if (const auto done = readCertificate(user, access.client.tls); !done)
            return done;
        readToken(user, access.client);
        addImpersonation(user, access.client);
        const YamlNode* exec = valueAt(user, "exec");
        const bool isKnown = access.client.authorization || access.client.basicAuth;
        return exec != nullptr && !isKnown ? readExec(*exec, access) : Result<void>();
    }

    Result<void> readCertificate(const YamlNode& user, http::TlsOptions& tls) const
    {
        auto certificate = dataAt(user, "client-certificate");
        auto key = dataAt(user, "client-key");
        if (!certificate || !key)
            return failure(!certificate ? certificate.error() : key.error());
        tls.cert = std::move(*certificate);
        tls.key.text = Secret(std::move(*key));
        if (tls.cert.empty())
            tls.certFile = resolved(textAt(user, "client-certificate"));
        if (tls.key.text.empty())
            tls.key.file = resolved(textAt(user, "client-key"));
        const bool hasCertificate = !tls.cert.empty() || !tls.certFile.empty();
        if (hasCertificate != tls.key.isSet())
            return fail(user,
                hasCertificate ? "a client-certificate needs its client-key"
                               : "a client-key needs its client-certificate");
        return {};
    }

    // A token's file is the fresher of the two.
    void readToken(const YamlNode& user, http::ClientOptions& client) const
    {
        const std::string file = resolved(textAt(user, "tokenFile"));
        const std::string token = textAt(user, "token");
        if (!file.empty())
            client.authorization = http::Authorization { "Bearer", { {}, file } };
        else if (!token.empty())
            client.authorization = http::Authorization { "Bearer", { Secret(token), {} } };
        else if (const std::string name = textAt(user, "username"); !name.empty())
            client.basicAuth
                = http::BasicAuth { name, {}, { Secret(textAt(user, "password")), {} } };
    }

    static void addImpersonation(const YamlNode& user, http::ClientOptions& client)
    {
        const auto add = [&](const std::string& name, std::vector<std::string> values) {
            if (!values.empty() && !values.front().empty())
                client.headers.push_back({ name, std::move(values), {} });
        };
        add("Impersonate-User", { textAt(user, "as") });
        add("Impersonate-Uid", { textAt(user, "as-uid") });
        std::vector<std::string> groups;
        const YamlNode* list = valueAt(user, "as-groups");
        for (const YamlNode* group : list ? list->items : std::vector<const YamlNode*> {})
            groups.push_back(group->text);
        add("Impersonate-Group", std::move(groups));
    }

    Result<void> readExec(const YamlNode& node, KubernetesAccess& access) const
    {
        KubernetesExec exec;
        exec.apiVersion = textAt(node, "apiVersion");
        if (exec.apiVersion != "client.authentication.k8s.io/v1"
            && exec.apiVersion != "client.authentication.k8s.io/v1beta1")
            return fail(node,
                "exec apiVersion " + labels::quote(exec.apiVersion)
                    + " is not known: client.authentication.k8s.io/v1 or v1beta1 is needed");
        exec.command = textAt(node, "command");
        if (exec.command.empty())
            return fail(node, "exec has no \"command\"");
        if (exec.command.find('/') != std::string::npos)
            exec.command = resolved(exec.command);
        const YamlNode* args = valueAt(node, "args");
        for (const YamlNode* arg : args ? args->items : std::vector<const YamlNode*> {})
            exec.args.push_back(arg->text);
        const YamlNode* env = valueAt(node, "env");
        for (const YamlNode* item : env ? env->items : std::vector<const YamlNode*> {})
            exec.environment.emplace_back(textAt(*item, "name"), textAt(*item, "value"));
        exec.installHint = textAt(node, "installHint");
        exec.interactiveMode = textAt(node, "interactiveMode");
        if (exec.interactiveMode == "Always")
            return fail(node,
                labels::quote(exec.command)
                    + " asks for a terminal (interactiveMode: Always), which there is none of "
                      "here: log in with kubectl first and use a plugin that can do without");
        exec.provideClusterInfo = flagAt(node, "provideClusterInfo");
        exec.clusterConfigJson = m_clusterExtension;
        access.exec = std::move(exec);
        return {};
    }

    const std::string m_directory;
    const std::string m_path;
    std::string m_clusterExtension;
};

} // namespace

Result<KubernetesAccess> readKubeconfig(std::string_view text, const std::string& path)
{
    if (const auto checked = checkText(text); !checked)
        return failure(checked.error().at(path));
    const auto document = readYaml(text, LaterDocuments::Refuse);
    if (!document)
        return failure(document.error().at(path));
    return KubeconfigReader(path).read(*document->root);
}

} // namespace fleetglass::config
