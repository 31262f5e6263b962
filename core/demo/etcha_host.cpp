// Etcha in listen mode: commands, sources, and who has a live shell.
#include "core/demo/host_model.h"
#include "core/demo/noise.h"
#include "core/demo/scenario.h"

#include <cmath>
#include <map>

namespace fleetglass::demo {

namespace {

// label values in the order of kCommandLabels.
using CommandKey = std::vector<std::string>;
const std::vector<std::string> kCommandLabels { "error", "id", "mode", "parent_id", "public_key",
    "remote_addr", "source" };
const std::vector<std::string> kSourceLabels { "error", "name", "public_key", "remote_addr",
    "trigger" };

PageLabels labelsOf(const std::vector<std::string>& names, const std::vector<std::string>& values)
{
    PageLabels labels;
    for (size_t i = 0; i < names.size(); ++i)
        labels.emplace_back(names[i], values[i]);
    return labels;
}

class EtchaHost final : public HostModel
{
public:
    EtchaHost(uint64_t seed, std::string name)
        : m_name(std::move(name))
        , m_channel(channelOf(seed, m_name))
    {
        m_go.channel = m_channel + 40;
        m_sources[{ "0", "base", "build-2024", "", "pull" }] = 2016;
        m_sources[{ "0", "reboot", "build-2024", "", "event" }] = 1;
        run("copy: \"/etc/motd\"", "check", "", "build-2024", "", "base", "0", 2016);
        run("apt: nginx", "check", "nginx", "jenkins-prod", "10.12.0.7:51022", "core", "0", 420);
    }

    void step(const ModelTime& now) override
    {
        const double t = now.sinceLiveS;
        const bool shell = anyShellAt(m_name, t);
        const bool deploy = isDeployAt(t) && m_name.rfind("web-", 0) == 0;
        const double traffic = dailyShape(now.secondOfDay) * (0.6 + 0.8 * weather(m_channel, t));
        m_go.step(now, (shell ? 0.35 : 0) + (deploy ? 0.5 : 0), 4.0e6 * traffic * (shell ? 3 : 1));
        pull(t);
        if (deploy)
            push(t);
        if (shell)
            work(t);
    }

    void write(PageWriter& page, const ModelTime& now) const override
    {
        page.family("etcha_commands_total", "counter", "Counter of Commands that have ran");
        for (const auto& [key, count] : m_commands)
            page.sample("etcha_commands_total", labelsOf(kCommandLabels, key), count);
        page.family("etcha_sources_commands", "gauge", "Gauage of Source commands that have ran");
        page.sample("etcha_sources_commands",
            { { "mode", "changed" }, { "name", "core" }, { "public_key", "jenkins-prod" },
                { "remote_addr", "10.12.0.7:51022" }, { "trigger", "push" } },
            m_changedByPush);
        page.sample("etcha_sources_commands",
            { { "mode", "changed" }, { "name", "base" }, { "public_key", "build-2024" },
                { "remote_addr", "" }, { "trigger", "pull" } },
            0);
        page.family("etcha_sources_shells", "gauge", "Gauage of Source shells");
        for (const ShellScript& shell : shells()) {
            if (shell.host == m_name && shell.hasAppearedBy(now.sinceLiveS))
                page.sample("etcha_sources_shells",
                    { { "name", shell.source }, { "public_key", shell.publicKey },
                        { "remote_addr", shell.remoteAddress } },
                    shell.isLiveAt(now.sinceLiveS) ? 1 : 0);
        }
        page.family("etcha_sources_total", "counter", "Counter of Sources that have ran");
        for (const auto& [key, count] : m_sources)
            page.sample("etcha_sources_total", labelsOf(kSourceLabels, key), count);
        m_go.write(page, now);
    }

private:
    void run(const std::string& id, const std::string& mode, const std::string& parent,
        const std::string& key, const std::string& address, const std::string& source,
        const std::string& error, double times = 1)
    {
        m_commands[{ error, id, mode, parent, key, address, source }] += times;
    }

    // Every few minutes the base pattern is pulled and checked.
    void pull(double t)
    {
        const auto periodS = 180 + static_cast<int64_t>(m_channel % 60);
        if ((static_cast<int64_t>(t) + static_cast<int64_t>(m_channel % 97)) % periodS != 0)
            return;
        m_sources[{ "0", "base", "build-2024", "", "pull" }] += 1;
        run("copy: \"/etc/motd\"", "check", "", "build-2024", "", "base", "0");
    }

    void push(double t)
    {
        const auto second = static_cast<int64_t>(t);
        if (second % 10 == 0) {
            m_sources[{ "0", "core", "jenkins-prod", "10.12.0.7:51022", "push" }] += 1;
            m_changedByPush = 2 + static_cast<double>(second / 10 % 3);
        }
        run("apt: nginx", "check", "nginx", "jenkins-prod", "10.12.0.7:51022", "core", "0", 2);
        if (second % 6 == 0)
            run("apt: nginx", "changed", "nginx", "jenkins-prod", "10.12.0.7:51022", "core", "0");
        if (second % 25 == 0 && m_name == "web-07") {
            run("systemd: nginx", "changed", "nginx", "jenkins-prod", "10.12.0.7:51022", "core",
                "1");
            m_sources[{ "1", "core", "jenkins-prod", "10.12.0.7:51022", "push" }] += 1;
        }
    }

    // What whoever has the shell does: bursts of commands.
    void work(double t)
    {
        if (wave(m_channel + 3, t, 14) < 0.55)
            return;
        run("file: /etc/nginx/conf.d/upstream.conf", "check", "nginx", "ops-anna-2025",
            "10.0.4.7:40533", "debug", "0");
        if (grain(m_channel + 8, static_cast<int64_t>(t)) < 0.08)
            run("systemd: app", "changed", "app", "ops-anna-2025", "10.0.4.7:40533", "debug", "0");
    }

    std::string m_name;
    uint64_t m_channel;
    GoProcess m_go;
    std::map<CommandKey, double> m_commands;
    std::map<std::vector<std::string>, double> m_sources;
    double m_changedByPush = 0;
};

} // namespace

std::unique_ptr<HostModel> makeEtchaHost(uint64_t seed, const std::string& name)
{
    return std::make_unique<EtchaHost>(seed, name);
}

} // namespace fleetglass::demo
