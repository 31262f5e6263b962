// The frame of the window: which part is where.
#include "ui/main_window/actions.h"
#include "ui/main_window/import_flow.h"
#include "ui/main_window/import_flow_band.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/time_bar.h"
#include "ui/pages/first_run_page.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/command_palette.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/mode_rail.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/shell_strip.h"
#include "ui/widgets/status_bar.h"

#include <QHBoxLayout>
#include <QMenuBar>
#include <QPainter>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace fleetglass::main_window {

namespace {

constexpr int kSearchWidth = 400;

// Window colour with a line below.
class MenuRow : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        QPainter painter(this);
        painter.fillRect(rect(), tokens.window);
        painter.setPen(tokens.border);
        painter.drawLine(0, height() - 1, width(), height() - 1);
    }
};

// "Not live" must not be overlooked, so it never goes away while an archive is open.
class ArchiveBand : public widgets::PlainLabel
{
public:
    explicit ArchiveBand(QWidget* parent)
        : PlainLabel({}, theme::Ink::Pending, theme::TextRole::Strong, parent)
    {
        setContentsMargins(12, 0, 12, 0);
        setFixedHeight(theme::scaledHeight(theme::size::kStrip));
        setElided(true);
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        const theme::Tokens& tokens = theme::tokensOf(palette());
        {
            QPainter painter(this);
            painter.fillRect(rect(), tokens.of(theme::State::Pending).tint);
            painter.setPen(tokens.border);
            painter.drawLine(0, height() - 1, width(), height() - 1);
        }
        PlainLabel::paintEvent(event);
    }
};

QVBoxLayout* column(QWidget* widget)
{
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

} // namespace

void MainWindow::buildMenuRow()
{
    m_menuRow = new MenuRow(this);
    m_menuRow->setFixedHeight(theme::scaledHeight(theme::size::kMenuBar));
    m_menus = new QMenuBar(m_menuRow);
    m_menus->setNativeMenuBar(false);
    m_search
        = new widgets::SearchField(tr("Find host, metric, command ..."), tr("Ctrl+K"), m_menuRow);
    m_search->setFixedSize(kSearchWidth, theme::scaledHeight(22));
    m_search->setFocusPolicy(Qt::ClickFocus);
    auto* row = new QHBoxLayout(m_menuRow);
    row->setContentsMargins(0, 0, 8, 1);
    row->setSpacing(8);
    row->addWidget(m_menus, 1);
    row->addWidget(m_search);
    setMenuWidget(m_menuRow);
    m_palette = new widgets::CommandPalette(
        *m_search, [this] { return paletteItems(); }, this);
}

void MainWindow::buildBody()
{
    auto* body = new QWidget(this);
    auto* lines = column(body);
    m_timeBar = new TimeBar(m_time, body);
    m_rail = new widgets::ModeRail(body);
    m_status = new widgets::StatusBar(body);
    m_splitter = new QSplitter(Qt::Horizontal, body);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);

    auto* middle = new QWidget(m_splitter);
    auto* middleLines = column(middle);
    m_strip = new widgets::ShellStrip(middle);
    m_archiveBand = new ArchiveBand(middle);
    m_archiveBand->hide();
    m_configBand = new NoticeBand(theme::State::Critical, tr("Open"), middle);
    m_undoBand = new NoticeBand(theme::State::Ok, tr("Undo"), middle);
    m_stack = new QStackedWidget(middle);
    m_firstRun = new pages::FirstRunPage(m_stack);
    m_stack->addWidget(m_firstRun);
    m_import = new ImportFlow(m_port, *m_firstRun, *this);
    middleLines->addWidget(m_archiveBand);
    middleLines->addWidget(m_configBand);
    middleLines->addWidget(m_undoBand);
    middleLines->addWidget(m_strip);
    middleLines->addWidget(m_stack, 1);

    m_inspector = new widgets::InspectorPane(m_splitter);
    m_inspector->hide();
    m_splitter->addWidget(middle);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);

    auto* across = new QHBoxLayout;
    across->setSpacing(0);
    across->addWidget(m_rail);
    across->addWidget(m_splitter, 1);
    lines->addWidget(m_timeBar);
    lines->addLayout(across, 1);
    lines->addWidget(m_status);
    setCentralWidget(body);
}

void MainWindow::setChromeVisible(bool visible)
{
    for (QWidget* part : { m_menuRow, static_cast<QWidget*>(m_timeBar),
             static_cast<QWidget*>(m_rail), static_cast<QWidget*>(m_status) })
        part->setVisible(visible);
}

} // namespace fleetglass::main_window
