#include "core/base/secret.h"
#include "core/config/http_section.h"
#include "core/labels/labels.h"

#include <algorithm>
#include <cctype>

namespace fleetglass::config {

namespace {

bool isSchemeChar(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
}

bool isHex(char c)
{
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

// Where "scheme:" ends, or npos where there is none, or a colon comes too early.
size_t schemeEnd(std::string_view url)
{
    for (size_t i = 0; i < url.size(); ++i) {
        if (url[i] == ':')
            return i;
        if (!isSchemeChar(url[i]) || (i == 0 && !std::isalpha(static_cast<unsigned char>(url[i]))))
            return std::string_view::npos;
    }
    return std::string_view::npos;
}

std::string_view authorityOf(std::string_view url)
{
    const size_t end = schemeEnd(url);
    if (end != std::string_view::npos)
        url.remove_prefix(end + 1);
    if (!url.starts_with("//"))
        return {};
    url.remove_prefix(2);
    return url.substr(0, url.find_first_of("/?#"));
}

bool hasBadEscape(std::string_view url)
{
    for (size_t i = url.find('%'); i != std::string_view::npos; i = url.find('%', i + 1)) {
        if (i + 2 >= url.size() || !isHex(url[i + 1]) || !isHex(url[i + 2]))
            return true;
    }
    return false;
}

bool hasBadPort(std::string_view host)
{
    const size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos)
        return false;
    const std::string_view port = host.substr(colon + 1);
    return port.find_first_not_of("0123456789") != std::string_view::npos;
}

} // namespace

std::string withoutUserinfo(std::string_view url)
{
    const std::string_view authority = authorityOf(url);
    const size_t at = authority.rfind('@');
    if (at == std::string_view::npos)
        return std::string(url);
    const auto start = static_cast<size_t>(authority.data() - url.data());
    return std::string(url.substr(0, start)) + Secret::kMask + std::string(url.substr(start + at));
}

std::string urlProblem(std::string_view url)
{
    const std::string shown = "parse " + labels::quote(withoutUserinfo(url)) + ": ";
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(url.begin(), url.end(), isControl))
        return "parse URL: net/url: invalid control character in URL";
    if (url.starts_with(':'))
        return shown + "missing protocol scheme";
    const std::string_view firstSegment = url.substr(0, url.find('/'));
    if (schemeEnd(url) == std::string_view::npos && !url.starts_with('/')
        && firstSegment.find(':') != std::string_view::npos)
        return shown + "first path segment in URL cannot contain colon";
    const std::string_view host = urlHost(url);
    if (hasBadPort(host))
        return shown + "invalid port after host";
    if (host.find(' ') != std::string_view::npos)
        return shown + "invalid character \" \" in host name";
    return hasBadEscape(url.substr(0, url.find('?'))) ? shown + "invalid URL escape"
                                                      : std::string();
}

std::string_view urlScheme(std::string_view url)
{
    const size_t end = schemeEnd(url);
    return end == std::string_view::npos ? std::string_view() : url.substr(0, end);
}

std::string_view urlHost(std::string_view url)
{
    const std::string_view authority = authorityOf(url);
    const size_t at = authority.rfind('@');
    return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

} // namespace fleetglass::config
