// How the detail of a target is put together.
#include "ui/pages/target_certificate.h"
#include "ui/pages/target_detail_pane.h"
#include "ui/pages/target_verdict.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/heads.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/raw_text_view.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_delegate.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QSplitter>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::KeyButton;
using widgets::PlainLabel;

constexpr int kHeadHeight = 40;

QVBoxLayout* column(QWidget* parent)
{
    auto* layout = new QVBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    return layout;
}

KeyButton* link(const QString& text, QWidget* parent)
{
    auto* button = new KeyButton(text, {}, parent);
    button->setLink(true);
    return button;
}

} // namespace

TargetDetailPane::TargetDetailPane(QWidget* parent)
    : QWidget(parent)
    , m_phases(new widgets::PhaseBar(this))
    , m_verdict(new TargetVerdict(this))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* layout = column(this);
    layout->addWidget(buildHead());
    layout->addWidget(m_phases);
    layout->addWidget(m_verdict);
    layout->addWidget(buildBody(), 1);
    connectParts();
    show(nullptr, nullptr, 0, {});
}

QWidget* TargetDetailPane::buildHead()
{
    auto* head = new QWidget(this);
    head->setFixedHeight(theme::scaledHeight(kHeadHeight));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    m_name = new PlainLabel({}, Ink::Text, TextRole::ViewTitle, head);
    m_job = new PlainLabel({}, Ink::Muted, TextRole::Body, head);
    m_state = new widgets::Chip({}, theme::State::Critical, widgets::ChipFill::Solid, head);
    m_state->setFocusPolicy(Qt::NoFocus);
    m_state->setAttribute(Qt::WA_TransparentForMouseEvents);
    const auto badge = [head](const QString& text, std::optional<theme::State> state) {
        auto* chip = new widgets::Chip(text, state, widgets::ChipFill::Tint, head);
        chip->setFocusPolicy(Qt::NoFocus);
        chip->setAttribute(Qt::WA_TransparentForMouseEvents);
        chip->hide();
        return chip;
    };
    m_notVerified = badge(tr("not verified"), theme::State::Critical);
    m_certificateEnds = badge({}, theme::State::Warning);
    m_honorLabels = badge(tr("honor_labels"), std::nullopt);
    m_facts = new PlainLabel({}, Ink::Muted, TextRole::Body, head);
    m_facts->setElided(true);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_copyText = new KeyButton(tr("Copy as text"), {}, head);
    m_copyCurl = new KeyButton(tr("Copy as curl"), {}, head);
    m_edit = new KeyButton(tr("Edit job ..."), {}, head);
    m_pause = new KeyButton(tr("Pause target"), {}, head);
    m_scrape = new KeyButton(tr("Scrape now"), QStringLiteral("F5"), head);
    m_scrape->setPrimary(true);
    row->addWidget(m_name);
    row->addWidget(m_job);
    row->addWidget(m_state);
    row->addWidget(m_notVerified);
    row->addWidget(m_certificateEnds);
    row->addWidget(m_honorLabels);
    row->addWidget(m_facts, 1);
    for (KeyButton* button : { m_copyText, m_copyCurl, m_edit, m_pause, m_scrape })
        row->addWidget(button);
    return head;
}

QWidget* TargetDetailPane::buildBody()
{
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setHandleWidth(1);
    m_columns->setChildrenCollapsible(false);
    m_certificate = new TargetCertificate(m_columns);
    m_certificate->setMinimumWidth(220);
    m_columns->addWidget(m_certificate);
    m_columns->addWidget(buildMiddle());
    m_columns->addWidget(buildAttempts());
    m_columns->setStretchFactor(0, 0);
    m_columns->setStretchFactor(1, 1);
    m_columns->setStretchFactor(2, 0);
    m_columns->setSizes({ 356, 844, 328 });
    return m_columns;
}

QWidget* TargetDetailPane::buildMiddle()
{
    auto* middle = new QWidget(m_columns);
    middle->setMinimumWidth(300);
    auto* lines = column(middle);
    auto* bar = new QWidget(middle);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(8);
    m_tabs = new QTabBar(bar);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("what was asked and answered"));
    for (const QString& title : { tr("Raw response"), tr("Request"), tr("Response headers"),
             tr("Relabel steps"), tr("Sample rules"), tr("Config") })
        m_tabs->addTab(title);
    m_find = new widgets::SearchField(tr("Find in text"), {}, bar);
    m_find->setFixedWidth(150);
    m_find->setFixedHeight(theme::scaledHeight(theme::size::kButtonInRow));
    row->addWidget(m_tabs, 1);
    row->addWidget(m_find);
    m_responseHead = new widgets::SectionHead({}, {}, middle);
    m_responseHead->setContentsMargins(10, 0, 10, 0);
    m_previousError = link(tr("Previous"), m_responseHead);
    m_nextError = link(tr("Next error"), m_responseHead);
    m_responseHead->addAtRight(m_previousError);
    m_responseHead->addAtRight(m_nextError);
    m_texts = new QSplitter(Qt::Vertical, middle);
    m_texts->setHandleWidth(3);
    m_texts->setChildrenCollapsible(false);
    m_text = new widgets::RawTextView(m_texts);
    m_text->setAccessibleName(tr("text"));
    auto* good = new QWidget(m_texts);
    auto* below = column(good);
    m_goodHead = new widgets::SectionHead(tr("Last good scrape"), {}, good);
    m_goodHead->setContentsMargins(10, 0, 10, 0);
    m_goodChanged = new PlainLabel({}, Ink::Muted, TextRole::Body, m_goodHead);
    m_older = new QComboBox(m_goodHead);
    m_older->setAccessibleName(tr("page to compare with"));
    m_newer = new QComboBox(m_goodHead);
    m_newer->setAccessibleName(tr("page that is compared"));
    for (QComboBox* box : { m_older, m_newer }) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setMaximumHeight(theme::scaledHeight(theme::size::kButtonInRow));
    }
    m_goodNext = link(tr("Next"), m_goodHead);
    m_goodToggle = link(tr("Show difference"), m_goodHead);
    m_goodHead->addAtRight(m_goodChanged);
    m_goodHead->addAtRight(m_older);
    m_goodHead->addAtRight(m_newer);
    m_goodHead->addAtRight(m_goodNext);
    m_goodHead->addAtRight(m_goodToggle);
    m_goodText = new widgets::RawTextView(good);
    m_goodText->setAccessibleName(tr("last good scrape"));
    below->addWidget(m_goodHead);
    below->addWidget(m_goodText, 1);
    m_texts->addWidget(m_text);
    m_texts->addWidget(good);
    m_texts->setStretchFactor(0, 3);
    m_texts->setStretchFactor(1, 3);
    lines->addWidget(bar);
    lines->addWidget(m_responseHead);
    lines->addWidget(m_texts, 1);
    return middle;
}

QWidget* TargetDetailPane::buildAttempts()
{
    auto* part = new QWidget(m_columns);
    part->setMinimumWidth(220);
    auto* lines = column(part);
    m_attemptHead = new widgets::SectionHead(tr("Last 20 attempts"), {}, part);
    m_attemptHead->setContentsMargins(12, 0, 12, 0);
    m_attemptSummary = new PlainLabel({}, Ink::Muted, TextRole::Body, m_attemptHead);
    m_attemptHead->addAtRight(m_attemptSummary);
    m_attemptTable = new QTableView(part);
    m_attemptTable->setAccessibleName(tr("last attempts"));
    m_attemptTable->setModel(&m_attempts);
    widgets::setUpTable(*m_attemptTable, theme::size::kRowAttempt);
    m_attemptTable->horizontalHeader()->hide();
    const std::pair<int, int> widths[] = { { models::AttemptModel::Time, 68 },
        { models::AttemptModel::Result, 66 }, { models::AttemptModel::Took, 60 } };
    for (const auto& [section, width] : widths)
        m_attemptTable->horizontalHeader()->resizeSection(section, width);
    m_attemptTable->horizontalHeader()->setStretchLastSection(true);
    auto* foot = new QWidget(part);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(12, 2, 12, 4);
    m_firstFailure = new PlainLabel({}, Ink::Muted, TextRole::Body, foot);
    m_showAll = link(tr("Show all"), foot);
    row->addWidget(m_firstFailure, 1);
    row->addWidget(m_showAll);
    lines->addWidget(m_attemptHead);
    lines->addWidget(m_attemptTable, 1);
    lines->addWidget(foot);
    return part;
}

} // namespace fleetglass::pages
