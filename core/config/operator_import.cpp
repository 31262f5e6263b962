#include "core/config/operator_import.h"

#include "core/config/operator_nodes.h"
#include "core/config/text_lines.h"
#include "core/config/yaml_reader.h"

namespace fleetglass::config {

namespace {

using monitoring::Resource;

constexpr size_t kDocumentsMax = 1'000;
constexpr std::string_view kGroup = "monitoring.coreos.com/";

struct Piece
{
    std::string_view text;
    int linesBefore = 0;
};

// At lines that are "---": inside of a document no line may begin so.
std::vector<Piece> piecesOf(std::string_view text)
{
    std::vector<Piece> pieces;
    const char* start = text.data();
    int line = 0;
    int startLine = 0;
    const auto close = [&](const char* end) {
        const std::string_view piece(start, static_cast<size_t>(end - start));
        if (piece.find_first_not_of(" \t\r\n") != std::string_view::npos)
            pieces.push_back({ piece, startLine });
    };
    for (const std::string_view content : splitLines(text)) {
        const bool isMark = content == "---" || content.starts_with("--- ")
            || content.starts_with("---\t") || content == "...";
        if (isMark) {
            close(content.data());
            // What stands behind the mark belongs to the next document.
            start = content.data() + 3;
            startLine = line;
        }
        ++line;
    }
    close(text.data() + text.size());
    return pieces;
}

void moveDown(YamlDocument& document, int lines)
{
    for (YamlNode& node : document.nodes) {
        node.position.line += lines;
        for (YamlEntry& entry : node.entries)
            entry.keyPosition.line += lines;
        for (YamlDuplicate& duplicate : node.duplicates) {
            duplicate.first.line += lines;
            duplicate.second.line += lines;
        }
    }
}

std::string textAt(const YamlNode& map, std::string_view key)
{
    const YamlEntry* entry = map.isMap() ? map.find(key) : nullptr;
    std::string text = entry ? entry->value->text : std::string();
    while (text.ends_with(' '))
        text.pop_back();
    return text;
}

class OperatorReader
{
public:
    OperatorReader(OperatorDocuments& result, const std::string& file)
        : m_result(result)
        , m_file(file)
        , m_maker(result.made)
        , m_jobs(m_maker.list({ 1, 1 }))
    {
        YamlNode& root = m_maker.map({ 1, 1 });
        monitoring::NodeMaker::set(root, "scrape_configs", &m_jobs);
        result.made.root = &root;
    }

    void read(std::string_view text)
    {
        const auto pieces = piecesOf(text);
        for (const Piece& piece : pieces) {
            if (m_result.sources.size() >= kDocumentsMax)
                return fail({ piece.linesBefore + 1, 1 }, "more than 1,000 documents");
            auto document = readYaml(piece.text, LaterDocuments::Refuse);
            if (!document) {
                Position place = document.error().position.value_or(Position {});
                place.line += piece.linesBefore;
                fail(place, document.error().message);
                continue;
            }
            moveDown(*document, piece.linesBefore);
            m_result.sources.push_back(std::move(*document));
            visit(*m_result.sources.back().root, 0);
        }
    }

private:
    void fail(Position position, const std::string& message)
    {
        m_result.errors.push_back(
            { Severity::Error, m_file, position, message, ErrorCode::Invalid });
    }

    void visit(const YamlNode& node, int level)
    {
        if (node.isNull())
            return;
        const std::string kind = textAt(node, "kind");
        const YamlEntry* items = node.isMap() ? node.find("items") : nullptr;
        if (kind.ends_with("List") && items != nullptr && level < 2) {
            for (const YamlNode* item : items->value->items)
                visit(*item, level + 1);
            return;
        }
        take(node, kind);
    }

    void take(const YamlNode& node, const std::string& kind)
    {
        const YamlEntry* meta = node.isMap() ? node.find("metadata") : nullptr;
        const std::string nameSpace = meta ? textAt(*meta->value, "namespace") : std::string();
        Resource resource { m_maker, m_result.skipped, m_file, kind,
            nameSpace.empty() ? "default" : nameSpace,
            meta ? textAt(*meta->value, "name") : std::string() };
        const bool isOurs = textAt(node, "apiVersion").find(kGroup) != std::string::npos;
        if (!isOurs || !isKnown(kind)) {
            m_result.skipped.push_back({ kind.empty() ? "a document" : kind + ' ' + resource.name,
                m_file, node.position.line, "is no scrape configuration" });
            return;
        }
        ++m_result.resources;
        const YamlEntry* spec = node.find("spec");
        if (resource.name.empty())
            return fail(node.position, "this " + kind + " has no metadata.name");
        if (spec == nullptr || !spec->value->isMap())
            return fail(node.position, "this " + kind + " has no spec");
        noteOthers(node, resource);
        convert(resource, *spec->value);
    }

    static bool isKnown(const std::string& kind)
    {
        return kind == "ServiceMonitor" || kind == "PodMonitor" || kind == "Probe"
            || kind == "ScrapeConfig" || kind == "PrometheusRule";
    }

    void noteOthers(const YamlNode& node, const Resource& resource)
    {
        for (const YamlEntry& entry : node.entries) {
            if (entry.key != "apiVersion" && entry.key != "kind" && entry.key != "metadata"
                && entry.key != "spec" && entry.key != "status")
                resource.skip(*entry.value, entry.key, "is no field that is known here");
        }
        for (const YamlDuplicate& twice : node.duplicates)
            fail(twice.second, "key \"" + twice.key + "\" is set twice");
    }

    void convert(const Resource& resource, const YamlNode& spec)
    {
        if (resource.kind == "ServiceMonitor")
            monitoring::addServiceMonitor(resource, spec, m_jobs);
        else if (resource.kind == "PodMonitor")
            monitoring::addPodMonitor(resource, spec, m_jobs);
        else if (resource.kind == "Probe")
            monitoring::addProbe(resource, spec, m_jobs);
        else if (resource.kind == "ScrapeConfig")
            monitoring::addScrapeConfig(resource, spec, m_jobs);
        else
            m_result.rules.push_back(&spec);
    }

    OperatorDocuments& m_result;
    const std::string m_file;
    monitoring::NodeMaker m_maker;
    YamlNode& m_jobs;
};

} // namespace

bool looksLikeOperator(std::string_view text)
{
    return text.find(kGroup) != std::string_view::npos
        && text.find("kind") != std::string_view::npos;
}

OperatorDocuments readOperator(std::string_view text, const std::string& fileName)
{
    OperatorDocuments result;
    OperatorReader(result, fileName).read(text);
    return result;
}

} // namespace fleetglass::config
