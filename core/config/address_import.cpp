#include "core/config/address_import.h"

#include "core/config/http_section.h"
#include "core/config/protocols.h"
#include "core/config/text_lines.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>

namespace fleetglass::config {

namespace {

bool isUrl(std::string_view word)
{
    return word.starts_with("http://") || word.starts_with("https://");
}

// "host:9100", "[::1]:9100", "10.0.0.1:80".
bool isAddress(std::string_view word)
{
    const size_t colon = word.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == word.size())
        return false;
    const std::string_view port = word.substr(colon + 1);
    const std::string_view host = word.substr(0, colon);
    if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos)
        return false;
    if (host.starts_with('['))
        return host.ends_with(']') && host.size() > 2;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
    });
}

std::string_view unquoted(std::string_view word)
{
    const bool quoted = word.size() >= 2
        && (word.front() == '"' || word.front() == '\'' || word.front() == '`')
        && word.back() == word.front();
    return quoted ? word.substr(1, word.size() - 2) : word;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percentDecoded(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0
            && hexDigit(text[i + 2]) >= 0;
        if (escape) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

void addParameter(scrape::JobOptions& job, std::string_view pair)
{
    const size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = percentDecoded(pair.substr(0, equals));
    const std::string value
        = equals < pair.size() ? percentDecoded(pair.substr(equals + 1)) : std::string();
    if (name.empty())
        return;
    const auto found = std::find_if(job.params.begin(), job.params.end(),
        [&name](const auto& param) { return param.first == name; });
    if (found != job.params.end())
        found->second.push_back(value);
    else
        job.params.push_back({ name, { value } });
}

void readQuery(scrape::JobOptions& job, std::string_view query)
{
    while (!query.empty()) {
        const size_t end = std::min(query.find('&'), query.size());
        addParameter(job, query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

void readUserinfo(scrape::JobOptions& job, std::string_view userinfo)
{
    const size_t colon = std::min(userinfo.find(':'), userinfo.size());
    http::BasicAuth& auth = job.client.basicAuth.emplace();
    auth.username = percentDecoded(userinfo.substr(0, colon));
    if (colon < userinfo.size())
        auth.password.text = Secret(percentDecoded(userinfo.substr(colon + 1)));
}

std::string hostOnly(std::string_view hostPort)
{
    if (hostPort.starts_with('['))
        return std::string(hostPort.substr(1, hostPort.find(']') - 1));
    return std::string(hostPort.substr(0, hostPort.find(':')));
}

scrape::JobOptions newJob(std::string name)
{
    scrape::JobOptions job;
    job.name = std::move(name);
    job.protocols = defaultProtocols(false);
    job.discovery.statics.push_back({ {}, {}, "static/0" });
    return job;
}

// Several URLs may differ in their host only.
bool sameRequest(const scrape::JobOptions& a, const scrape::JobOptions& b)
{
    return a.scheme == b.scheme && a.metricsPath == b.metricsPath && a.params == b.params
        && a.client == b.client;
}

void addUrlJob(std::vector<scrape::JobOptions>& jobs, scrape::JobOptions job)
{
    for (scrape::JobOptions& existing : jobs) {
        if (sameRequest(existing, job)) {
            auto& targets = existing.discovery.statics[0].targets;
            const auto& more = job.discovery.statics[0].targets;
            targets.insert(targets.end(), more.begin(), more.end());
            return;
        }
    }
    jobs.push_back(std::move(job));
}

void makeNamesUnique(std::vector<scrape::JobOptions>& jobs)
{
    std::set<std::string> names;
    for (scrape::JobOptions& job : jobs) {
        const std::string base = job.name;
        for (int i = 2; !names.insert(job.name).second; ++i)
            job.name = base + "-" + std::to_string(i);
    }
}

} // namespace

bool isSecretName(std::string_view name)
{
    constexpr std::array<std::string_view, 7> kParts { "key", "token", "secret", "pass", "auth",
        "sig", "credential" };
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(kParts.begin(), kParts.end(),
        [&small](std::string_view part) { return small.find(part) != std::string::npos; });
}

Result<scrape::JobOptions> jobFromUrl(std::string_view url)
{
    if (const std::string problem = urlProblem(url); !problem.empty())
        return failure(problem);
    if (!isUrl(url))
        return failure("a URL must start with http:// or https://");
    std::string_view rest = url.substr(url.find("//") + 2);
    const size_t authorityEnd = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, authorityEnd);
    rest.remove_prefix(authorityEnd);
    rest = rest.substr(0, rest.find('#'));
    const size_t question = std::min(rest.find('?'), rest.size());

    scrape::JobOptions job = newJob({});
    job.scheme = std::string(urlScheme(url));
    if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
        readUserinfo(job, authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    if (hostOnly(authority).empty())
        return failure("host is missing in URL");
    job.name = hostOnly(authority);
    if (question > 1)
        job.metricsPath = percentDecoded(rest.substr(0, question));
    if (question < rest.size())
        readQuery(job, rest.substr(question + 1));
    job.discovery.statics[0].targets.emplace_back(authority);
    return job;
}

std::vector<AddressWord> findAddresses(std::string_view text)
{
    std::vector<AddressWord> words;
    int number = 0;
    for (const std::string_view line : splitLines(text)) {
        ++number;
        size_t position = 0;
        while (position < line.size()) {
            const size_t start = line.find_first_not_of(" \t,;", position);
            if (start == std::string_view::npos || line[start] == '#')
                break;
            const size_t end = std::min(line.find_first_of(" \t,;", start), line.size());
            const std::string_view word = unquoted(line.substr(start, end - start));
            if (!isUrl(word) && !isAddress(word))
                return {};
            words.push_back(
                { std::string(word), { number, static_cast<int>(start) + 1 }, isUrl(word) });
            position = end;
        }
    }
    return words;
}

void importAddresses(
    const std::vector<AddressWord>& words, const ImportOptions& options, ImportResult& result)
{
    scrape::JobOptions addresses = newJob(nameFromFile(options.name, "imported"));
    for (const AddressWord& word : words) {
        if (!word.isUrl) {
            addresses.discovery.statics[0].targets.push_back(word.text);
            continue;
        }
        Result<scrape::JobOptions> job = jobFromUrl(word.text);
        if (job)
            addUrlJob(result.config.jobs, std::move(*job));
        else
            result.errors.push_back({ Severity::Error, options.name, word.position,
                job.error().message, ErrorCode::Invalid });
    }
    result.kind = result.config.jobs.empty() ? ImportKind::Addresses : ImportKind::Urls;
    if (!addresses.discovery.statics[0].targets.empty())
        result.config.jobs.push_back(std::move(addresses));
    makeNamesUnique(result.config.jobs);
}

std::string nameFromFile(std::string_view file, std::string_view fallback)
{
    const std::string stem = std::filesystem::path(file).stem().string();
    return stem.empty() ? std::string(fallback) : stem;
}

} // namespace fleetglass::config
