// How the Snapshots page is put together, and what of it outlives a restart.
#include "ui/pages/snapshots_page.h"
#include "ui/pages/snapshots_page_inspector.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/table_delegate.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHeaderView>
#include <QPainter>
#include <QShortcut>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

constexpr int kRowPx = 58;
constexpr int kBarPx = 44;

// By CapsuleModel::Column; Name takes what is left.
constexpr std::array kColumnPx { 96, 300, 168, 300, 96 };

// As every table, with the picture of the window in the first column.
class PictureDelegate : public widgets::TableDelegate
{
public:
    using TableDelegate::TableDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        TableDelegate::paint(painter, option, index);
        if (index.column() != models::CapsuleModel::Picture)
            return;
        const theme::Tokens& tokens = theme::tokensOf(option.palette);
        const QRect room = option.rect.adjusted(10, 5, -4, -6);
        const auto picture = index.data(Qt::DecorationRole).value<QPixmap>();
        painter->save();
        if (picture.isNull()) {
            theme::paintGlyph(*painter, theme::Glyph::Snapshots,
                QRectF(room.center().x() - 10, room.center().y() - 10, 20, 20), tokens.faint);
        } else {
            QRect box(QPoint(), picture.size().scaled(room.size(), Qt::KeepAspectRatio));
            box.moveCenter(room.center());
            painter->setRenderHint(QPainter::SmoothPixmapTransform);
            painter->drawPixmap(box, picture);
            painter->setPen(tokens.border);
            painter->drawRect(box.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }
};

} // namespace

void SnapshotsPage::build()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_header = new widgets::ViewHeader(tr("Snapshots"), this);
    m_header->setContentsMargins(12, 0, 12, 0);
    auto* choose = new widgets::KeyButton(tr("Change folder ..."), {}, m_header);
    auto* reveal = new widgets::KeyButton(tr("Reveal folder"), {}, m_header);
    m_new = new widgets::KeyButton(tr("New snapshot"), tr("Ctrl+S"), m_header);
    m_new->setPrimary(true);
    for (QWidget* button : { choose, reveal, m_new })
        m_header->addAtRight(button);
    connect(choose, &QAbstractButton::clicked, this, &SnapshotsPage::askForFolder);
    connect(reveal, &QAbstractButton::clicked, this, [this] {
        const bool there = QFileInfo(m_folder).isDir();
        if (!there || !QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)))
            showNotice(there ? tr("the desktop has nothing to show folders with")
                             : tr("the folder is made with the first snapshot"),
                true, false);
    });
    m_table = new QTableView(this);
    m_table->setAccessibleName(tr("snapshots"));
    m_table->setModel(&m_model);
    widgets::setUpTable(*m_table, kRowPx);
    m_table->setItemDelegate(new PictureDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (int column = 0; column < models::CapsuleModel::kColumns; ++column)
        m_table->horizontalHeader()->resizeSection(column, kColumnPx[static_cast<size_t>(column)]);
    m_table->horizontalHeader()->setSectionResizeMode(
        models::CapsuleModel::Name, QHeaderView::Stretch);
    layout->addWidget(m_header);
    layout->addWidget(buildNotice());
    layout->addWidget(m_table, 1);
    layout->addWidget(buildEmpty(), 1);
    layout->addWidget(buildExports());
    setFocusProxy(m_table);
}

QWidget* SnapshotsPage::buildNotice()
{
    m_notice = new QWidget(this);
    auto* row = new QHBoxLayout(m_notice);
    row->setContentsMargins(12, 4, 12, 6);
    row->setSpacing(theme::size::kSpace12);
    m_noticeText = new widgets::PlainLabel(m_notice);
    m_undo = new widgets::KeyButton(tr("Undo"), tr("Ctrl+Z"), m_notice);
    row->addWidget(m_noticeText);
    row->addWidget(m_undo);
    row->addStretch(1);
    m_notice->hide();
    return m_notice;
}

QWidget* SnapshotsPage::buildEmpty()
{
    m_empty = new QWidget(this);
    auto* column = new QVBoxLayout(m_empty);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(theme::size::kSpace8);
    auto* title = new widgets::PlainLabel(
        tr("no snapshots yet"), theme::Ink::Text, theme::TextRole::ChartTitle, m_empty);
    m_emptyText = new widgets::PlainLabel({}, theme::Ink::Muted, theme::TextRole::Body, m_empty);
    m_emptyText->setWordWrap(true);
    m_emptyText->setAlignment(Qt::AlignHCenter);
    m_emptyText->setFixedWidth(520);
    column->addStretch(2);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(m_emptyText, 0, Qt::AlignHCenter);
    column->addStretch(3);
    m_empty->hide();
    return m_empty;
}

QWidget* SnapshotsPage::buildExports()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(theme::size::kSpace8);
    bar->setFixedHeight(theme::scaledHeight(kBarPx));
    m_open = new widgets::KeyButton(tr("Open"), tr("Enter"), bar);
    m_delete = new widgets::KeyButton(tr("Delete"), tr("Del"), bar);
    row->addWidget(m_open);
    row->addWidget(m_delete);
    row->addStretch(1);
    const auto addFormats
        = [&](const QString& what, const QVector<std::pair<QString, QString>>& formats) {
              row->addWidget(
                  new widgets::PlainLabel(what, theme::Ink::Muted, theme::TextRole::Body, bar));
              for (const auto& [text, ending] : formats) {
                  auto* button = new widgets::KeyButton(text, {}, bar);
                  row->addWidget(button);
                  connect(button, &QAbstractButton::clicked, this,
                      [this, suffix = ending] { askWhere(suffix); });
              }
          };
    addFormats(tr("last view as"),
        { { QStringLiteral("PNG"), QStringLiteral("png") },
            { QStringLiteral("SVG"), QStringLiteral("svg") },
            { QStringLiteral("PDF"), QStringLiteral("pdf") } });
    row->addSpacing(theme::size::kSpace8);
    addFormats(tr("data of the range as"),
        { { QStringLiteral("CSV"), QStringLiteral("csv") },
            { QStringLiteral("JSON"), QStringLiteral("json") },
            { QStringLiteral("OpenMetrics"), QStringLiteral("om") },
            { QStringLiteral("HTML"), QStringLiteral("html") } });
    return bar;
}

void SnapshotsPage::connectParts()
{
    connect(m_new, &QAbstractButton::clicked, this, &SnapshotsPage::createSnapshot);
    connect(m_open, &QAbstractButton::clicked, this, &SnapshotsPage::openSelected);
    connect(m_delete, &QAbstractButton::clicked, this, &SnapshotsPage::deleteSelected);
    connect(m_undo, &QAbstractButton::clicked, this, &SnapshotsPage::undoDelete);
    connect(m_table, &QAbstractItemView::activated, this, [this] { openSelected(); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        showInspector();
        showActions();
    });
    connect(m_inspector, &SnapshotsInspector::openRequested, this, &SnapshotsPage::openSelected);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, &m_refreshTimer,
        qOverload<>(&QTimer::start));
    connect(&m_refreshTimer, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&m_time, &widgets::TimeController::zoneChanged, this, [this] {
        if (isVisible())
            refresh();
    });
    const auto add = [this](const QKeySequence& key, auto action) {
        auto* shortcut = new QShortcut(key, m_table);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, action);
    };
    add(QKeySequence(Qt::Key_Delete), [this] { deleteSelected(); });
    add(QKeySequence(QKeySequence::Undo), [this] { undoDelete(); });
}

QVector<widgets::KeyHint> SnapshotsPage::keys() const
{
    const QString area = tr("Snapshots");
    return {
        { QStringLiteral("Ctrl+S"), tr("new snapshot"), area },
        { QStringLiteral("Enter"), tr("open read-only"), area },
        { QStringLiteral("Del"), tr("to the trash"), area },
        { QStringLiteral("Ctrl+Z"), tr("bring back what was deleted"), area },
    };
}

QVector<widgets::PaletteItem> SnapshotsPage::paletteItems()
{
    QVector<widgets::PaletteItem> items;
    for (const QString& ending : { QStringLiteral("png"), QStringLiteral("svg"),
             QStringLiteral("pdf"), QStringLiteral("csv"), QStringLiteral("json"),
             QStringLiteral("om"), QStringLiteral("html") })
        items.append({ widgets::PaletteKind::Command,
            tr("Export as %1 ...")
                .arg(ending == QLatin1String("om") ? QStringLiteral("OpenMetrics")
                                                   : ending.toUpper()),
            {}, {}, theme::Glyph::Snapshots, [this, ending] { askWhere(ending); } });
    return items;
}

QJsonObject SnapshotsPage::saveState() const
{
    return { { QStringLiteral("folder"), m_folder } };
}

void SnapshotsPage::restoreState(const QJsonObject& state)
{
    setFolder(state.value(QStringLiteral("folder")).toString());
}

} // namespace fleetglass::pages
