#include "core/dns/query.h"

#include "core/dns/reply.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <utility>

namespace fleetglass::dns {

namespace {

// Fits any path without fragments (DNS flag day 2020); what is longer comes over TCP.
constexpr int kEdnsBytes = 1'232;
constexpr int kClassInternet = 1;

std::string addressOf(const ares_addr_port_node& server)
{
    std::array<char, INET6_ADDRSTRLEN> text {};
    inet_ntop(server.family, &server.addr, text.data(), text.size());
    const std::string port = ':' + std::to_string(server.udp_port == 0 ? 53 : server.udp_port);
    return server.family == AF_INET6 ? '[' + std::string(text.data()) + ']' + port
                                     : text.data() + port;
}

} // namespace

std::vector<std::string> nameForms(
    const std::string& name, const std::vector<std::string>& search, int ndots)
{
    if (name.ends_with('.'))
        return { name };
    const std::string whole = name + '.';
    const bool wholeFirst = std::count(name.begin(), name.end(), '.') >= ndots;
    std::vector<std::string> forms;
    if (wholeFirst)
        forms.push_back(whole);
    for (const std::string& domain : search)
        forms.push_back(
            domain == "." ? whole : whole + domain + (domain.ends_with('.') ? "" : "."));
    if (!wholeFirst)
        forms.push_back(whole);
    return forms;
}

Query::Query(std::string name, RecordType type, Lookup::Done done, const LookupOptions& options)
    : m_type(type)
    , m_options(options)
    , m_done(std::move(done))
    , m_servers(options.servers)
{
    learn(name);
    ask();
}

Query::~Query()
{
    close();
}

void Query::close()
{
    m_closing = true; // Its questions come back as cancelled.
    if (m_channel != nullptr)
        ares_destroy(m_channel);
    m_channel = nullptr;
    m_closing = false;
}

bool Query::open(const std::string& server)
{
    close();
    ares_options wanted {};
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ;
    wanted.flags = ARES_FLAG_EDNS | ARES_FLAG_NOCHECKRESP;
    wanted.timeout = static_cast<int>(m_options.timeout.count());
    wanted.tries = m_options.tries;
    wanted.ednspsz = kEdnsBytes;
    std::vector<char*> domains;
    if (m_options.search) {
        mask |= ARES_OPT_DOMAINS;
        for (const std::string& domain : *m_options.search)
            domains.push_back(const_cast<char*>(domain.c_str())); // Copied by c-ares.
        wanted.domains = domains.data();
        wanted.ndomains = static_cast<int>(domains.size());
    }
    if (m_options.ndots) {
        mask |= ARES_OPT_NDOTS;
        wanted.ndots = *m_options.ndots;
    }
    // A new channel reads resolv.conf anew: a laptop changes networks.
    if (ares_init_options(&m_channel, &wanted, mask) != ARES_SUCCESS) {
        m_channel = nullptr;
        return false;
    }
    return server.empty() || ares_set_servers_ports_csv(m_channel, server.c_str()) == ARES_SUCCESS;
}

void Query::learn(const std::string& name)
{
    if (!open({}))
        return;
    ares_addr_port_node* servers = nullptr;
    if (m_servers.empty() && ares_get_servers_ports(m_channel, &servers) == ARES_SUCCESS) {
        for (const auto* server = servers; server != nullptr; server = server->next)
            m_servers.push_back(addressOf(*server));
        ares_free_data(servers);
        // A single one is left to c-ares, which may know its network interface as well.
        if (m_servers.size() == 1)
            m_servers.front().clear();
    }
    ares_options used {};
    int mask = 0;
    std::vector<std::string> search;
    if (ares_save_options(m_channel, &used, &mask) == ARES_SUCCESS) {
        for (int i = 0; i < used.ndomains; ++i)
            search.emplace_back(used.domains[i]);
    }
    m_forms = nameForms(name, search, used.ndots);
    ares_destroy_options(&used);
}

void Query::ask()
{
    if (m_servers.empty() || m_forms.empty() || !open(m_servers[m_server]))
        return finish({ {}, "the name servers of this machine cannot be used" });
    const std::string& name = m_forms[m_form];
    ares_query(m_channel, name.c_str(), kClassInternet, wireType(m_type), &Query::onReply, this);
}

void Query::onReply(void* self, int status, int, unsigned char* reply, int length)
{
    auto* query = static_cast<Query*>(self);
    if (query->m_closing)
        return;
    query->take(status, { reply, static_cast<size_t>(std::max(length, 0)) });
    query->m_replied = true;
}

void Query::take(int status, std::span<const unsigned char> reply)
{
    m_answer = {};
    m_exists = status != ARES_ENOTFOUND;
    if (status == ARES_ENOTFOUND || status == ARES_ENODATA)
        return;
    if (status != ARES_SUCCESS) {
        m_answer.error = explainStatus(status);
        return;
    }
    auto records = recordsOf(reply, m_type);
    if (records)
        m_answer.records = std::move(*records);
    else
        m_answer.error = records.error().message;
}

void Query::step()
{
    while (m_replied && !m_finished) {
        m_replied = false;
        const bool viable = m_answer.error.empty();
        if (viable && m_exists)
            finish(std::move(m_answer));
        else if (viable)
            askNextForm();
        else if (++m_server < m_servers.size())
            ask();
        else {
            m_error = m_error.empty() ? m_answer.error : m_error;
            askNextForm();
        }
    }
}

void Query::askNextForm()
{
    m_server = 0;
    // No form exists: that is an answer. One unknown: nothing can be said.
    if (++m_form < m_forms.size())
        ask();
    else
        finish({ {}, m_error });
}

void Query::finish(Answer answer)
{
    m_answer = std::move(answer);
    m_finished = true;
}

void Query::deliver()
{
    const Lookup::Done done = std::exchange(m_done, nullptr);
    if (done)
        done(std::move(m_answer));
}

} // namespace fleetglass::dns
