#include "ui/pages/explore_metric_panel.h"

#include "ui/models/legend_model.h"
#include "ui/pages/explore_queries.h"
#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/theme/units.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/sparkline.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QJsonObject>
#include <QPainter>
#include <QPointer>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetglass::pages {

namespace {

constexpr int kSparkColumn = 38;
constexpr int kSeriesColumn = 46;
constexpr int kSparkEveryMs = 60;
constexpr int64_t kHourMs = 3'600'000;
constexpr int kSparkSteps = 40;
constexpr int64_t kSparkAgeMs = 300'000;

class MetricDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return { 40, theme::scaledHeight(theme::size::kRow) };
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const theme::Tokens& tokens = theme::tokensOf(option.palette);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        if (selected)
            painter->fillRect(option.rect, tokens.selection);
        if (index.column() == models::MetricTreeModel::Spark)
            paintSpark(*painter, option.rect, index, tokens, selected);
        else
            paintText(*painter, option.rect, index, tokens);
        painter->restore();
    }

private:
    static void paintSpark(QPainter& painter, const QRect& rect, const QModelIndex& index,
        const theme::Tokens& tokens, bool selected)
    {
        const auto values = index.data(models::MetricSparkRole).value<models::SparkValues>();
        if (!values || values->empty())
            return;
        widgets::SparkStyle style = widgets::neutralSpark(tokens);
        style.lastDot = false;
        if (selected)
            style.line = tokens.text;
        widgets::paintSparkline(painter, QRectF(rect).adjusted(4, 4, -4, -5), *values, style);
    }

    static void paintText(
        QPainter& painter, const QRect& rect, const QModelIndex& index, const theme::Tokens& tokens)
    {
        QRect box = rect.adjusted(2, 0, index.column() == 0 ? 0 : -8, 0);
        const QString letter
            = index.column() == 0 ? index.data(models::MetricTypeRole).toString() : QString();
        if (!letter.isEmpty()) {
            const QRect badge(box.left() + 2, box.center().y() - 7, 15, 15);
            painter.setRenderHint(QPainter::Antialiasing, true);
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokens.raised);
            painter.drawRoundedRect(badge, 2, 2);
            painter.setFont(theme::font(theme::TextRole::Axis));
            painter.setPen(tokens.text);
            painter.drawText(badge, Qt::AlignCenter, letter);
            box.setLeft(badge.right() + 7);
        }
        painter.setFont(theme::font(theme::TextRole::Body));
        painter.setPen(tokens.text);
        const QString text = painter.fontMetrics().elidedText(
            index.data().toString(), Qt::ElideMiddle, box.width());
        painter.drawText(box, index.data(Qt::TextAlignmentRole).toInt(), text);
    }
};

// Quiet heads on the panel's own ground.
class TreeHeader : public QHeaderView
{
public:
    explicit TreeHeader(QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
    }

    QSize sizeHint() const override { return { 0, theme::scaledHeight(22) }; }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        painter->save();
        painter->fillRect(rect, tokens.surface);
        painter->setFont(theme::font(theme::TextRole::Axis));
        painter->setPen(tokens.muted);
        painter->drawText(rect.adjusted(section == 0 ? 10 : 0, 0, -8, 0),
            model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).toInt(),
            model()->headerData(section, Qt::Horizontal).toString());
        painter->setPen(tokens.grid);
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
        painter->restore();
    }
};

models::SparkValues sparkOf(const view::QueryAnswer& answer)
{
    auto values = std::make_shared<std::vector<double>>(
        kSparkSteps + 1, std::numeric_limits<double>::quiet_NaN());
    if (answer.series.empty())
        return values;
    const view::SeriesView& series = answer.series.front();
    for (size_t i = 0; i < series.values.size(); ++i) {
        const int64_t slot = (series.timestampsMs[i] - answer.request.startMs)
            / std::max<int64_t>(answer.request.stepMs, 1);
        if (slot >= 0 && slot <= kSparkSteps)
            (*values)[static_cast<size_t>(slot)] = series.values[i];
    }
    return values;
}

} // namespace

ExploreMetricPanel::ExploreMetricPanel(view::FleetPort& port, QWidget* parent)
    : QWidget(parent)
    , m_port(port)
    , m_search(
          new widgets::SearchField(tr("Metric, label or HELP text"), QStringLiteral("/"), this))
    , m_tree(new QTreeView(this))
{
    m_card = buildCard();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 1, 0);
    layout->setSpacing(0);
    auto* field = new QHBoxLayout;
    field->setContentsMargins(8, 6, 8, 4);
    field->addWidget(m_search);
    layout->addLayout(field);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_card);
    m_tree->setAccessibleName(tr("metrics"));
    m_tree->setModel(&m_model);
    m_tree->setItemDelegate(new MetricDelegate(this));
    m_tree->setHeader(new TreeHeader(this));
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(14);
    m_tree->setUniformRowHeights(true);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(30);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (const auto& [column, width] :
        { std::pair { 1, kSparkColumn }, std::pair { 2, kSeriesColumn } }) {
        m_tree->header()->setSectionResizeMode(column, QHeaderView::Fixed);
        m_tree->header()->resizeSection(column, width);
    }
    connect(m_search, &widgets::SearchField::filterChanged, this, &ExploreMetricPanel::filter);
    connect(
        m_search, &widgets::SearchField::leftDownwards, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_search, &QLineEdit::returnPressed, this, [this] { chart(m_tree->currentIndex()); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &ExploreMetricPanel::showCard);
    connect(m_tree, &QTreeView::clicked, this, &ExploreMetricPanel::chart);
    connect(m_tree, &QTreeView::activated, this, &ExploreMetricPanel::chart);
    connect(&m_sparkTimer, &QTimer::timeout, this, &ExploreMetricPanel::askSparks);
    m_sparkTimer.start(kSparkEveryMs);
    showCard();
}

ExploreMetricPanel::~ExploreMetricPanel()
{
    if (m_sparkQuery != 0)
        m_port.cancel(m_sparkQuery);
}

QWidget* ExploreMetricPanel::buildCard()
{
    auto* card = new QWidget(this);
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(4);
    m_name = new widgets::PlainLabel({}, theme::Ink::Text, theme::TextRole::Strong, card);
    m_name->setElided(true);
    m_help = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, card);
    m_help->setWordWrap(true);
    m_facts = new widgets::KeyValueList(64, card);
    m_first = new widgets::KeyButton({}, {}, card);
    m_second = new widgets::KeyButton({}, {}, card);
    layout->addWidget(m_name);
    layout->addWidget(m_help);
    layout->addWidget(m_facts);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->setContentsMargins(0, 4, 0, 0);
    buttons->addWidget(m_first);
    buttons->addWidget(m_second);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    connect(
        m_first, &QAbstractButton::clicked, this, [this] { emit queryRequested(m_firstQuery); });
    connect(
        m_second, &QAbstractButton::clicked, this, [this] { emit queryRequested(m_secondQuery); });
    return card;
}

void ExploreMetricPanel::showCard()
{
    const view::MetricView* metric = m_model.metric(selected());
    m_card->setVisible(metric != nullptr);
    update();
    if (metric == nullptr)
        return;
    const bool histogram = metric->type == labels::MetricType::Histogram
        || metric->type == labels::MetricType::GaugeHistogram;
    const bool counter = metric->type == labels::MetricType::Counter;
    m_name->setText(metric->name);
    m_help->setText(metric->help.empty() ? tr("no HELP text") : theme::shown(metric->help));
    const theme::Unit unit = theme::inferUnit({ {}, QString::fromStdString(metric->unit),
        QString::fromStdString(metric->name), QString::fromStdString(metric->help) });
    const QString sign = theme::axisUnit(1, unit).sign;
    QStringList jobs;
    for (const std::string& job : metric->jobs)
        jobs += theme::shown(job);
    QVector<widgets::KeyValueList::Row> rows;
    rows.append({ tr("type"), { { theme::shown(labels::toWord(metric->type)) } } });
    widgets::TextRuns unitRuns { { sign.isEmpty() ? tr("none") : sign } };
    if (!sign.isEmpty())
        unitRuns.append({ !metric->unit.empty() ? tr("declared")
                : unit.guessed                  ? tr("from HELP ?")
                                                : tr("from its name"),
            theme::Ink::Muted });
    rows.append({ tr("unit"), unitRuns });
    rows.append({ tr("series"), { { theme::formatCount(metric->series) } } });
    rows.append({ tr("jobs"), { { jobs.join(QLatin1Char(' ')) } } });
    m_facts->setRows(rows);
    m_firstQuery
        = histogram ? quantilesQuery(*metric, m_intervalMs) : defaultQuery(*metric, m_intervalMs);
    m_secondQuery = counter
        ? increaseQuery(*metric)
        : QStringLiteral("sum by (instance) (%1)").arg(defaultQuery(*metric, m_intervalMs));
    m_first->setText(histogram ? tr("p50 / p95 / p99") : counter ? tr("Rate") : tr("Chart"));
    m_second->setText(counter ? tr("Increase in 1 h") : tr("Sum by instance"));
    m_second->setVisible(!histogram);
    m_first->updateGeometry();
    m_second->updateGeometry();
}

QString ExploreMetricPanel::selected() const
{
    return m_tree->currentIndex().siblingAtColumn(0).data(models::MetricNameRole).toString();
}

void ExploreMetricPanel::select(const QString& metric)
{
    const QModelIndex index = m_model.indexOf(metric);
    if (!index.isValid() || metric == selected())
        return;
    for (QModelIndex group = index.parent(); group.isValid(); group = group.parent())
        m_tree->expand(group);
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

void ExploreMetricPanel::chart(const QModelIndex& index)
{
    if (!index.isValid())
        return;
    const QModelIndex first = index.siblingAtColumn(0);
    const view::MetricView* metric = m_model.metric(first.data(models::MetricNameRole).toString());
    if (metric != nullptr)
        emit queryRequested(defaultQuery(*metric, m_intervalMs));
    else
        m_tree->setExpanded(first, !m_tree->isExpanded(first));
}

void ExploreMetricPanel::filter(const QString& text)
{
    m_model.setFilter(text);
    if (text.trimmed().isEmpty())
        return;
    m_tree->expandAll();
    // The first metric, so that Enter charts it.
    QModelIndex index = m_model.index(0, 0);
    while (index.isValid() && m_model.rowCount(index) > 0)
        index = m_model.index(0, 0, index);
    m_tree->setCurrentIndex(index);
}

void ExploreMetricPanel::setCatalog(
    std::shared_ptr<const view::MetricCatalog> catalog, int64_t intervalMs, int64_t nowMs)
{
    m_intervalMs = intervalMs > 0 ? intervalMs : 15'000;
    m_nowMs = nowMs;
    const QString before = selected();
    m_model.setCatalog(std::move(catalog));
    if (before != selected())
        showCard();
}

void ExploreMetricPanel::focusFilter()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

// One curve at a time, and only for rows that can be seen.
void ExploreMetricPanel::askSparks()
{
    if (m_sparkQuery != 0 || !isVisible() || m_nowMs == 0)
        return;
    QModelIndex index = m_tree->indexAt({ 1, 1 });
    while (index.isValid() && m_tree->visualRect(index).top() < m_tree->viewport()->height()) {
        const QString name = index.siblingAtColumn(0).data(models::MetricNameRole).toString();
        const view::MetricView* metric = m_model.metric(name);
        index = m_tree->indexBelow(index);
        if (metric == nullptr || m_nowMs - m_sparkAskedMs.value(name, -kSparkAgeMs) < kSparkAgeMs)
            continue;
        const int64_t stepMs = kHourMs / kSparkSteps;
        const int64_t endMs = m_nowMs / stepMs * stepMs;
        m_sparkAskedMs.insert(name, m_nowMs);
        m_sparkQuery = ~view::FleetPort::QueryId { 0 };
        const auto id = m_port.query(
            { sparkQuery(*metric, m_intervalMs).toStdString(), endMs - kHourMs, endMs, stepMs },
            [this, name, self = QPointer<ExploreMetricPanel>(this)](
                const view::QueryAnswerPtr& answer) {
                if (self == nullptr)
                    return;
                m_sparkQuery = 0;
                if (answer && answer->ok)
                    m_model.setSpark(name, sparkOf(*answer));
            });
        if (m_sparkQuery != 0)
            m_sparkQuery = id;
        return;
    }
}

QJsonObject ExploreMetricPanel::saveState() const
{
    QJsonArray open;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex index = m_model.index(row, 0);
        if (m_tree->isExpanded(index))
            open.append(index.data().toString());
    }
    return { { QStringLiteral("open"), open }, { QStringLiteral("selected"), selected() } };
}

void ExploreMetricPanel::restoreState(const QJsonObject& state)
{
    const QJsonArray open = state.value(QStringLiteral("open")).toArray();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex index = m_model.index(row, 0);
        m_tree->setExpanded(index, open.contains(index.data().toString()));
    }
    select(state.value(QStringLiteral("selected")).toString());
}

void ExploreMetricPanel::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    painter.setPen(tokens.border);
    painter.drawLine(width() - 1, 0, width() - 1, height());
    if (m_card->isVisible())
        painter.drawLine(0, m_card->y(), width(), m_card->y());
}

} // namespace fleetglass::pages
