#include "core/config/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace fleetglass::config {

namespace {

// Takes the events and keeps nothing but the first error, and the nesting within bounds.
class Checker : public nlohmann::json_sax<nlohmann::json>
{
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return ++m_depth <= 64; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return ++m_depth <= 64; }
    bool end_array() override { return leave(); }
    bool parse_error(
        std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        offset = position;
        return false;
    }

    std::size_t offset = 0;

private:
    bool leave()
    {
        --m_depth;
        return true;
    }
    int m_depth = 0;
};

} // namespace

Result<bool> checkJson(std::string_view text)
{
    Checker checker;
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &checker))
        return true;
    const std::string_view before = text.substr(0, checker.offset > 0 ? checker.offset - 1 : 0);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const size_t start = before.rfind('\n');
    const size_t column
        = start == std::string_view::npos ? before.size() : before.size() - start - 1;
    return failure("not valid JSON here, or nested too deep", ErrorCode::Invalid,
        Position { line, static_cast<int>(column) + 1 });
}

} // namespace fleetglass::config
