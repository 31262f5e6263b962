#include "ui/pages/explore_legend.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/sparkline.h"

#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

namespace fleetglass::pages {

namespace {

constexpr int kSwatchColumn = 36;
constexpr int kNumberColumn = 84;
constexpr int kSparkMin = 80;
constexpr int kSparkMax = 320;

class LegendDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const theme::Tokens& tokens = theme::tokensOf(option.palette);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const bool off = index.data(models::HiddenRole).toBool();
        painter->save();
        if (selected)
            painter->fillRect(option.rect, tokens.selection);
        painter->setOpacity(off ? 0.45 : 1);
        if (index.column() == 0)
            paintSwatch(*painter, option.rect, index, tokens, off);
        else if (const auto spark = index.data(models::SparkRole).value<models::SparkValues>())
            paintSpark(*painter, option.rect, *spark, index.data(models::ScaleRole).toPointF(),
                tokens, selected);
        else
            paintText(*painter, option.rect, index, tokens, selected);
        painter->setOpacity(1);
        painter->setPen(tokens.grid);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }

private:
    static void paintSwatch(QPainter& painter, const QRect& rect, const QModelIndex& index,
        const theme::Tokens& tokens, bool off)
    {
        const auto style = index.data(models::StyleRole).value<theme::SeriesStyle>();
        QPen pen(off ? tokens.faint : style.color(tokens), 2);
        pen.setStyle(style.pattern);
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        const int y = rect.center().y() + 1;
        painter.drawLine(rect.left() + 9, y, rect.left() + 23, y);
    }

    static void paintSpark(QPainter& painter, const QRect& rect, const std::vector<double>& values,
        QPointF scale, const theme::Tokens& tokens, bool selected)
    {
        widgets::SparkStyle style = widgets::neutralSpark(tokens);
        style.lastDot = false;
        if (selected)
            style.line = tokens.text;
        if (!scale.isNull()) {
            style.low = scale.x();
            style.high = scale.y();
        }
        widgets::paintSparkline(painter, QRectF(rect).adjusted(6, 2, -10, -3), values, style);
    }

    static void paintText(QPainter& painter, const QRect& rect, const QModelIndex& index,
        const theme::Tokens& tokens, bool selected)
    {
        const bool strong = index.data(models::StrongRole).toBool();
        const bool quiet = index.data(models::QuietRole).toBool();
        const bool number = index.data(models::NumberRole).isValid();
        QFont font = theme::font(strong ? theme::TextRole::Strong : theme::TextRole::Body);
        painter.setFont(number ? theme::numericFont(font) : font);
        painter.setPen(quiet && !selected ? tokens.muted : tokens.text);
        const QRect box = rect.adjusted(6, 0, -10, -1);
        const QString text = painter.fontMetrics().elidedText(
            index.data().toString(), Qt::ElideRight, box.width());
        painter.drawText(box, static_cast<int>(index.data(Qt::TextAlignmentRole).toInt()), text);
    }
};

// Heads align as their cells do; the crosshair's is bold.
class LegendHeader : public QHeaderView
{
public:
    explicit LegendHeader(QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
        setSectionsClickable(true);
        setHighlightSections(false);
    }

    QSize sizeHint() const override { return { 0, theme::scaledHeight(theme::size::kTableHead) }; }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        painter->save();
        painter->fillRect(rect, tokens.raised);
        const bool strong
            = model()->headerData(section, Qt::Horizontal, models::StrongRole).toBool();
        QFont font = theme::font(theme::TextRole::Axis);
        if (strong)
            font.setWeight(QFont::Bold);
        painter->setFont(font);
        painter->setPen(strong ? tokens.text : tokens.muted);
        const int alignment
            = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
        QString text = model()->headerData(section, Qt::Horizontal).toString();
        if (isSortIndicatorShown() && sortIndicatorSection() == section && !text.isEmpty())
            text += sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral(" \u2191")
                                                               : QStringLiteral(" \u2193");
        painter->drawText(rect.adjusted(6, 0, -10, 0), alignment, text);
        painter->setPen(tokens.border);
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
        painter->restore();
    }
};

} // namespace

ExploreLegend::ExploreLegend(models::LegendModel& model, QWidget* parent)
    : QTableView(parent)
    , m_model(model)
{
    setAccessibleName(tr("legend"));
    setModel(&model);
    setItemDelegate(new LegendDelegate(this));
    setHorizontalHeader(new LegendHeader(this));
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(16);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(theme::scaledHeight(theme::size::kRow));
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSortIndicatorShown(false);
    horizontalHeader()->setMinimumSectionSize(24);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int section) {
        QHeaderView* header = horizontalHeader();
        const bool again
            = header->isSortIndicatorShown() && header->sortIndicatorSection() == section;
        const auto order = again && header->sortIndicatorOrder() == Qt::DescendingOrder
            ? Qt::AscendingOrder
            : Qt::DescendingOrder;
        header->setSortIndicatorShown(true);
        header->setSortIndicator(section, order);
        m_model.sort(section, order);
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &ExploreLegend::fitColumns);
}

void ExploreLegend::fitColumns()
{
    const QFontMetrics metrics(theme::font(theme::TextRole::Body));
    const int sparkColumn = m_model.sparkColumn();
    int rest = viewport()->width() - kSwatchColumn;
    setColumnWidth(0, kSwatchColumn);
    for (int column = 1; column < m_model.columnCount(); ++column) {
        if (column == sparkColumn)
            continue;
        int width
            = metrics.horizontalAdvance(m_model.headerData(column, Qt::Horizontal).toString());
        for (int row = 0; column < sparkColumn && row < std::min(m_model.rowCount(), 60); ++row)
            width = std::max(
                width, metrics.horizontalAdvance(m_model.index(row, column).data().toString()));
        width = column < sparkColumn ? std::clamp(width + 22, 70, 260)
                                     : std::max(kNumberColumn, width + 20);
        setColumnWidth(column, width);
        rest -= width;
    }
    // What is left goes to the curves, and past their most to the labels.
    setColumnWidth(sparkColumn, std::clamp(rest, kSparkMin, kSparkMax));
    const int spare = rest - kSparkMax;
    for (int column = 1; column < sparkColumn && spare > 0; ++column)
        setColumnWidth(column, columnWidth(column) + spare / (sparkColumn - 1));
}

void ExploreLegend::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void ExploreLegend::setHidden(const QSet<QString>& keys)
{
    m_hidden = keys;
    m_model.setHidden(keys);
}

void ExploreLegend::hide(const QSet<QString>& keys)
{
    if (keys == m_hidden)
        return;
    setHidden(keys);
    emit hiddenChanged(m_hidden);
}

QString ExploreLegend::current() const
{
    return m_model.keyAt(currentIndex().row());
}

void ExploreLegend::select(const QString& key)
{
    const int row = m_model.rowOf(key);
    if (row >= 0)
        setCurrentIndex(m_model.index(row, 1));
    else
        setCurrentIndex({});
}

// Alone; alone once more brings all back. Toggling adds and takes away one.
void ExploreLegend::activate(const QString& key, bool toggle)
{
    const QStringList all = m_model.keys();
    QSet<QString> keys = m_hidden;
    if (toggle) {
        if (!keys.remove(key))
            keys.insert(key);
    } else {
        QSet<QString> others(all.begin(), all.end());
        others.remove(key);
        keys = keys == others ? QSet<QString> {} : others;
    }
    if (keys.size() >= all.size())
        keys.clear();
    select(key);
    hide(keys);
}

// Those that share a value in any label column with it.
QSet<QString> ExploreLegend::similarTo(const QString& key) const
{
    const int row = m_model.rowOf(key);
    QSet<QString> others;
    for (int other = 0; row >= 0 && other < m_model.rowCount(); ++other) {
        bool similar = false;
        for (int column = 1; column < m_model.sparkColumn(); ++column)
            similar = similar
                || m_model.index(other, column).data() == m_model.index(row, column).data();
        if (!similar)
            others.insert(m_model.keyAt(other));
    }
    return others;
}

void ExploreLegend::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !index.isValid())
        return QTableView::mousePressEvent(event);
    setFocus(Qt::MouseFocusReason);
    const QString key = m_model.keyAt(index.row());
    if (event->modifiers().testFlag(Qt::AltModifier)) {
        select(key);
        return hide(similarTo(key));
    }
    activate(key, event->modifiers().testFlag(Qt::ControlModifier));
}

void ExploreLegend::mouseMoveEvent(QMouseEvent* event)
{
    emit hovered(m_model.keyAt(indexAt(event->position().toPoint()).row()));
}

void ExploreLegend::leaveEvent(QEvent* event)
{
    QTableView::leaveEvent(event);
    emit hovered(QString());
}

void ExploreLegend::keyPressEvent(QKeyEvent* event)
{
    const QString key = current();
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (plain && !key.isEmpty()) {
        if (event->key() == Qt::Key_H)
            return activate(key, true);
        if (event->key() == Qt::Key_I || event->key() == Qt::Key_Return
            || event->key() == Qt::Key_Enter)
            return activate(key, false);
    }
    if (plain && event->key() == Qt::Key_Escape && !m_hidden.isEmpty())
        return hide({});
    QTableView::keyPressEvent(event);
}

void ExploreLegend::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (current.row() != previous.row())
        emit currentChangedTo(m_model.keyAt(current.row()));
}

} // namespace fleetglass::pages
