// Query: one name looked up along the search list, each form of it at one name server after the
// other until one can tell (Prometheus' lookupWithSearchPath). Used from one thread at a time;
// whoever owns it polls its sockets.
#pragma once

#include "core/dns/cares_lookup.h"

#include <ares.h>
#include <span>

namespace fleetglass::dns {

class Query
{
public:
    Query(std::string name, RecordType type, Lookup::Done done, const LookupOptions& options);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    bool isFinished() const { return m_finished; }
    // Of the question under way; another one after step().
    ares_channel channel() const { return m_channel; }
    // Goes on where a reply has come in.
    void step();
    // Hands the answer over; once.
    void deliver();

private:
    bool open(const std::string& server);
    void learn(const std::string& name);
    void ask();
    void askNextForm();
    void take(int status, std::span<const unsigned char> reply);
    void close();
    void finish(Answer answer);
    static void onReply(void* self, int status, int timeouts, unsigned char* reply, int length);

    const RecordType m_type;
    const LookupOptions& m_options;
    Lookup::Done m_done;
    ares_channel m_channel = nullptr;
    std::vector<std::string> m_servers; // "" is what resolv.conf says.
    std::vector<std::string> m_forms; // Fully qualified, in the order they are asked.
    size_t m_form = 0;
    size_t m_server = 0;
    std::string m_error; // Of the first form that no server could tell about.
    bool m_exists = true; // The reply was not "no such name".
    bool m_replied = false;
    bool m_finished = false;
    bool m_closing = false;
    Answer m_answer; // What the reply came to.
};

// The names to ask for: as given, and with each search domain behind it (resolv.conf(5)).
std::vector<std::string> nameForms(
    const std::string& name, const std::vector<std::string>& search, int ndots);

} // namespace fleetglass::dns
