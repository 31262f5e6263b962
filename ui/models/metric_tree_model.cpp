#include "ui/models/metric_tree_model.h"

#include "ui/models/legend_model.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"

#include <algorithm>
#include <map>

namespace fleetglass::models {

namespace {

constexpr size_t kSplitFrom = 8; // A smaller group is easier to read flat.
constexpr size_t kGroupMin = 3;
constexpr int kDepthMax = 3;

QString qs(const std::string& text)
{
    return theme::shown(text);
}

bool isScrapeMetric(const std::string& name)
{
    return name == "up" || name.starts_with("scrape_");
}

} // namespace

struct MetricTreeModel::Node
{
    QString key; // Unique among siblings.
    QString title;
    const view::MetricView* metric = nullptr; // Null: a group.
    int64_t count = 0; // Series of a metric, metrics of a group.
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    int row() const
    {
        const auto& siblings = parent->children;
        const auto at = std::find_if(siblings.begin(), siblings.end(),
            [this](const auto& node) { return node.get() == this; });
        return static_cast<int>(at - siblings.begin());
    }
};

namespace {

using Node = MetricTreeModel::Node;
using Metrics = std::vector<const view::MetricView*>;

Node& add(Node& parent, QString key, QString title)
{
    parent.children.push_back(std::make_unique<Node>());
    Node& node = *parent.children.back();
    node.key = std::move(key);
    node.title = std::move(title);
    node.parent = &parent;
    return node;
}

void addMetric(Node& parent, const view::MetricView& metric, size_t prefixLength)
{
    const QString name = qs(metric.name);
    const QString title = name.mid(static_cast<qsizetype>(prefixLength));
    Node& node = add(parent, QStringLiteral("m:") + name, title.isEmpty() ? name : title);
    node.metric = &metric;
    node.count = metric.series;
}

std::string segmentAfter(const std::string& name, size_t prefixLength)
{
    const size_t end = name.find('_', prefixLength);
    return end == std::string::npos ? std::string() : name.substr(0, end + 1);
}

void fill(Node& parent, const Metrics& metrics, size_t prefixLength, int depth)
{
    std::map<std::string, Metrics> groups;
    for (const view::MetricView* metric : metrics)
        groups[segmentAfter(metric->name, prefixLength)].push_back(metric);
    const bool splits = depth == 0 || (depth < kDepthMax && metrics.size() > kSplitFrom);
    Metrics loose;
    for (auto& [prefix, members] : groups) {
        const bool worth = !prefix.empty() && splits
            && members.size() >= (depth == 0 ? 2 : kGroupMin)
            && members.size() < metrics.size() + (depth == 0 ? 1 : 0);
        if (!worth) {
            loose.insert(loose.end(), members.begin(), members.end());
            continue;
        }
        Node& group = add(parent, QStringLiteral("g:") + qs(prefix), qs(prefix));
        group.count = static_cast<int64_t>(members.size());
        fill(group, members, prefix.size(), depth + 1);
    }
    std::sort(
        loose.begin(), loose.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const view::MetricView* metric : loose)
        addMetric(parent, *metric, prefixLength);
}

} // namespace

QChar metricLetter(labels::MetricType type)
{
    using enum labels::MetricType;
    switch (type) {
    case Counter:
        return QLatin1Char('C');
    case Gauge:
        return QLatin1Char('G');
    case Histogram:
    case GaugeHistogram:
        return QLatin1Char('H');
    case Summary:
        return QLatin1Char('S');
    case Info:
        return QLatin1Char('I');
    case StateSet:
        return QLatin1Char('E');
    case Unknown:
        break;
    }
    return QLatin1Char('?');
}

MetricTreeModel::MetricTreeModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

MetricTreeModel::~MetricTreeModel() = default;

std::unique_ptr<Node> MetricTreeModel::build() const
{
    auto root = std::make_unique<Node>();
    Metrics plain;
    Metrics scrape;
    const QStringList wanted = m_filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const view::MetricView& metric : m_catalog->metrics) {
        const bool passes = std::all_of(wanted.begin(), wanted.end(), [&](const QString& word) {
            return qs(metric.name).contains(word, Qt::CaseInsensitive)
                || qs(metric.help).contains(word, Qt::CaseInsensitive);
        });
        if (passes)
            (isScrapeMetric(metric.name) ? scrape : plain).push_back(&metric);
    }
    fill(*root, plain, 0, 0);
    if (!scrape.empty()) {
        Node& group = add(*root, QStringLiteral("g:up"), QStringLiteral("up, scrape_"));
        group.count = static_cast<int64_t>(scrape.size());
        for (const view::MetricView* metric : scrape)
            addMetric(group, *metric, 0);
    }
    return root;
}

void MetricTreeModel::setCatalog(std::shared_ptr<const view::MetricCatalog> catalog)
{
    if (!catalog || catalog == m_catalog)
        return;
    const auto before = std::exchange(m_catalog, std::move(catalog));
    sync(*m_root, build(), {}); // Nodes point into the old catalog until here.
}

void MetricTreeModel::setFilter(const QString& text)
{
    if (m_filter == text)
        return;
    m_filter = text;
    if (m_catalog)
        sync(*m_root, build(), {});
}

// Makes `mine` equal to `newer` by removing, inserting and changing rows; both are in their order,
// groups before metrics and each by name, so that one pass over both is enough.
void MetricTreeModel::sync(Node& mine, std::unique_ptr<Node> newer, const QModelIndex& at)
{
    QHash<QString, size_t> wanted;
    for (size_t i = 0; i < newer->children.size(); ++i)
        wanted.insert(newer->children[i]->key, i);
    for (size_t row = mine.children.size(); row-- > 0;) {
        if (wanted.contains(mine.children[row]->key))
            continue;
        beginRemoveRows(at, static_cast<int>(row), static_cast<int>(row));
        mine.children.erase(mine.children.begin() + static_cast<std::ptrdiff_t>(row));
        endRemoveRows();
    }
    for (size_t row = 0; row < newer->children.size(); ++row) {
        std::unique_ptr<Node>& other = newer->children[row];
        if (row < mine.children.size() && mine.children[row]->key == other->key) {
            Node& node = *mine.children[row];
            const bool same = node.count == other->count && node.title == other->title;
            node.count = other->count;
            node.title = other->title;
            node.metric = other->metric;
            const auto position = static_cast<int>(row);
            if (!same)
                emit dataChanged(index(position, Name, at), index(position, Series, at));
            sync(node, std::move(other), index(position, 0, at));
            continue;
        }
        const auto position = static_cast<int>(row);
        beginInsertRows(at, position, position);
        other->parent = &mine;
        mine.children.insert(mine.children.begin() + position, std::move(other));
        endInsertRows();
    }
    while (mine.children.size() > newer->children.size()) {
        const auto last = static_cast<int>(mine.children.size()) - 1;
        beginRemoveRows(at, last, last);
        mine.children.pop_back();
        endRemoveRows();
    }
}

void MetricTreeModel::setSpark(const QString& metric, SparkValues values)
{
    m_sparks.insert(metric, std::move(values));
    const QModelIndex at = indexOf(metric);
    if (at.isValid()) {
        const QModelIndex cell = at.siblingAtColumn(Spark);
        emit dataChanged(cell, cell, { MetricSparkRole });
    }
}

const view::MetricView* MetricTreeModel::metric(const QString& name) const
{
    if (!m_catalog)
        return nullptr;
    const std::string wanted = name.toStdString();
    const auto at = std::lower_bound(m_catalog->metrics.begin(), m_catalog->metrics.end(), wanted,
        [](const view::MetricView& metric, const std::string& text) { return metric.name < text; });
    return at != m_catalog->metrics.end() && at->name == wanted ? &*at : nullptr;
}

QModelIndex MetricTreeModel::find(
    const Node& node, const QModelIndex& at, const QString& metric) const
{
    for (size_t row = 0; row < node.children.size(); ++row) {
        const Node& child = *node.children[row];
        const QModelIndex here = index(static_cast<int>(row), 0, at);
        if (child.metric != nullptr) {
            if (child.key.mid(2) == metric)
                return here;
            continue;
        }
        if (const QModelIndex found = find(child, here, metric); found.isValid())
            return found;
    }
    return {};
}

QModelIndex MetricTreeModel::indexOf(const QString& metric) const
{
    return find(*m_root, {}, metric);
}

const Node* MetricTreeModel::nodeAt(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<const Node*>(index.constInternalPointer()) : m_root.get();
}

QModelIndex MetricTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    const Node* node = nodeAt(parent);
    if (row < 0 || column < 0 || column >= kColumns
        || static_cast<size_t>(row) >= node->children.size()
        || (parent.isValid() && parent.column() != 0))
        return {};
    return createIndex(row, column, node->children[static_cast<size_t>(row)].get());
}

QModelIndex MetricTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const Node* parent = nodeAt(child)->parent;
    return parent == nullptr || parent == m_root.get() ? QModelIndex()
                                                       : createIndex(parent->row(), 0, parent);
}

int MetricTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeAt(parent)->children.size());
}

QVariant MetricTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& node = *nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name)
            return node.title;
        return index.column() == Series ? theme::formatNumber(static_cast<double>(node.count))
                                        : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter | (index.column() == Series ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::AccessibleTextRole:
        return index.column() == Name && node.metric != nullptr ? qs(node.metric->name)
                + QLatin1Char(' ') + qs(std::string(labels::toWord(node.metric->type)))
                                                                : node.title;
    case Qt::ToolTipRole:
        return node.metric == nullptr
            ? QVariant()
            : QVariant(
                theme::tip(qs(node.metric->name) + QLatin1Char(' ') + qs(node.metric->help)));
    case MetricNameRole:
        return node.metric == nullptr ? QString() : qs(node.metric->name);
    case MetricTypeRole:
        return node.metric == nullptr ? QString() : QString(metricLetter(node.metric->type));
    case MetricSparkRole:
        return node.metric == nullptr ? QVariant()
                                      : QVariant::fromValue(m_sparks.value(qs(node.metric->name)));
    default:
        return {};
    }
}

QVariant MetricTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter | (section == Series ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("metric") : section == Spark ? tr("1 h") : tr("series");
}

} // namespace fleetglass::models
