#include "core/config/consul_section.h"

#include "core/config/http_section.h"

namespace fleetglass::config {

namespace {

using discovery::ConsulOptions;

bool isBlank(const std::string& text)
{
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// In upstream's words and order.
void check(Section& section, const ConsulOptions& options)
{
    const bool user = !options.username.empty() || !options.password.empty();
    if (isBlank(options.server))
        section.failAt("server", "consul SD configuration requires a server address");
    if (user && options.client.basicAuth)
        section.failAt("username",
            "at most one of consul SD configuration username and password and basic auth can be "
            "configured");
    if (!options.token.empty() && (options.client.authorization || options.client.oauth2))
        section.failAt(
            "token", "at most one of consul SD token, authorization, or oauth2 can be configured");
    // The user becomes the client's basic auth, which suffers nothing beside it.
    if (user && (options.client.authorization || options.client.oauth2))
        section.failAt(
            "username", "at most one of basic_auth, oauth2 & authorization must be configured");
}

} // namespace

void readConsulSd(Reader& reader, const YamlNode& node, ConsulOptions& options)
{
    Section section(reader, node, "consul.plain");
    section.text("server", options.server);
    section.text("path_prefix", options.pathPrefix);
    section.secret("token", options.token);
    section.text("datacenter", options.datacenter);
    section.text("namespace", options.nameSpace);
    section.text("partition", options.partition);
    section.text("tag_separator", options.tagSeparator);
    section.text("scheme", options.scheme);
    section.text("username", options.username);
    section.secret("password", options.password);
    section.boolean("allow_stale", options.allowStale);
    section.duration("refresh_interval", options.refreshInterval);
    section.texts("services", options.services);
    section.texts("tags", options.tags);
    section.textMap("node_meta", options.nodeMeta);
    section.text("filter", options.filter);
    section.text("health_filter", options.healthFilter);
    readHttpKeys(section, options.client);
    section.finish();
    check(section, options);
}

void writeConsulSd(YamlEmitter& out, const ConsulOptions& options, const SecretWriter& secretText)
{
    const ConsulOptions standard;
    const auto text
        = [&](std::string_view key, const std::string& value, const std::string& usual) {
              if (value != usual)
                  out.text(key, value);
          };
    const auto secret = [&](const std::string& key, const Secret& value) {
        if (!value.empty())
            out.text(key, secretText(value, key));
    };
    text("server", options.server, standard.server);
    text("path_prefix", options.pathPrefix, {});
    secret("token", options.token);
    text("datacenter", options.datacenter, {});
    text("namespace", options.nameSpace, {});
    text("partition", options.partition, {});
    text("tag_separator", options.tagSeparator, standard.tagSeparator);
    text("scheme", options.scheme, standard.scheme);
    text("username", options.username, {});
    secret("password", options.password);
    if (!options.allowStale)
        out.raw("allow_stale", "false");
    if (options.refreshInterval != standard.refreshInterval)
        out.raw("refresh_interval", formatDuration(options.refreshInterval));
    if (!options.services.empty())
        out.texts("services", options.services);
    if (!options.tags.empty())
        out.texts("tags", options.tags);
    if (!options.nodeMeta.empty())
        out.textMap("node_meta", options.nodeMeta);
    text("filter", options.filter, {});
    text("health_filter", options.healthFilter, {});
    // An entry with nothing in it would be null.
    if (options == standard)
        out.text("server", options.server);
}

} // namespace fleetglass::config
