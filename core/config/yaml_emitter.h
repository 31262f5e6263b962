// Lines of block style YAML with their indentation. Used from one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetglass::config {

class YamlEmitter
{
public:
    void key(std::string_view name); // A map or list follows, one level in.
    void end(); // Of what key() or item() opened.
    void item(); // The next key starts a list item.

    void text(std::string_view name, std::string_view value);
    void raw(std::string_view name, std::string_view value); // Numbers, booleans, durations.
    void texts(std::string_view name, const std::vector<std::string>& values);
    void textMap(
        std::string_view name, const std::vector<std::pair<std::string, std::string>>& pairs);
    void scalarItem(std::string_view value);

    const std::string& result() const { return m_text; }

private:
    void startLine();

    std::string m_text;
    int m_depth = 0;
    bool m_dash = false;
};

} // namespace fleetglass::config
