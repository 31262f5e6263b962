// The text functions of Prometheus' templates: case, host names, links. Pure functions;
// thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace fleetglass::rules::tmpl {

std::string upperCase(std::string_view text);
std::string lowerCase(std::string_view text);
std::string titleCase(std::string_view text); // Go's strings.Title: each word's first letter.

std::string withoutPort(std::string_view hostPort); // "[::1]:80" -> "::1"
std::string withoutDomain(std::string_view hostPort); // "a.example.com:80" -> "a:80"

// "/graph?g0.expr=up&g0.tab=0": Prometheus' own pages of an expression.
std::string graphLink(std::string_view expression);
std::string tableLink(std::string_view expression);

std::string pathOf(const std::string& url); // "http://host/a/b?c" -> "/a/b"

} // namespace fleetglass::rules::tmpl
