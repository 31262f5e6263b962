#include "ui/widgets/range_button.h"

#include "ui/theme/fonts.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/time_controller.h"

#include <QLineEdit>
#include <QListWidget>
#include <QStyleOptionButton>
#include <QStylePainter>
#include <QVBoxLayout>

namespace fleetglass::widgets {

namespace {

constexpr qsizetype kRecentMax = 8;
constexpr int kWidth = 130;
constexpr const char* kPresets[]
    = { "5m", "15m", "1h", "3h", "6h", "12h", "24h", "7d", "30d", "today", "yesterday" };

} // namespace

RangeButton::RangeButton(TimeController& time, QWidget* parent)
    : QPushButton(parent)
    , m_time(time)
{
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("time range"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    buildPopup();
    connect(this, &QPushButton::clicked, this, &RangeButton::openPopup);
    const auto follow = [this] {
        setText(m_time.title());
        updateGeometry();
    };
    connect(&m_time, &TimeController::rangeChanged, this, follow);
    connect(&m_time, &TimeController::zoneChanged, this, follow);
    follow();
}

QSize RangeButton::sizeHint() const
{
    const int text = QFontMetrics(font()).horizontalAdvance(QPushButton::text());
    return { std::max(kWidth, text + 40), theme::scaledHeight(theme::size::kButton) };
}

void RangeButton::buildPopup()
{
    m_popup = new QFrame(this, Qt::Popup);
    m_popup->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QVBoxLayout(m_popup);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_field = new QLineEdit(m_popup);
    m_field->setPlaceholderText(tr("30d, 2h30m, 14:00-15:10, yesterday, ISO"));
    m_field->setAccessibleName(tr("time range, typed"));
    m_problem = new PlainLabel({}, theme::Ink::Critical, theme::TextRole::Axis, m_popup);
    m_problem->setGlyph(theme::Glyph::Critical);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_list = new QListWidget(m_popup);
    m_list->setAccessibleName(tr("ranges"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    layout->addWidget(m_field);
    layout->addWidget(m_problem);
    layout->addWidget(m_list);
    connect(m_field, &QLineEdit::returnPressed, this, [this] { take(m_field->text()); });
    connect(m_list, &QListWidget::itemActivated, this,
        [this](QListWidgetItem* item) { take(item->data(Qt::UserRole).toString()); });
    connect(m_list, &QListWidget::itemClicked, this,
        [this](QListWidgetItem* item) { take(item->data(Qt::UserRole).toString()); });
}

void RangeButton::fillList()
{
    m_list->clear();
    const auto add = [this](const QString& typed) {
        const auto wish = parseRange(typed, m_time.nowMs(), m_time.zone());
        if (!wish)
            return;
        const bool named = typed == QLatin1String("today") || typed == QLatin1String("yesterday");
        auto* item = new QListWidgetItem(named
                ? (typed == QLatin1String("today") ? tr("Today") : tr("Yesterday"))
                : rangeTitle(*wish, m_time.nowMs(), m_time.zone()));
        item->setData(Qt::UserRole, typed);
        item->setSizeHint({ 0, theme::scaledHeight(theme::size::kRow) });
        m_list->addItem(item);
    };
    for (const QString& typed : m_recent)
        add(typed);
    for (const char* preset : kPresets)
        add(QLatin1String(preset));
    m_list->setFixedHeight(m_list->count() * theme::scaledHeight(theme::size::kRow) + 2);
}

void RangeButton::openPopup()
{
    fillList();
    m_problem->hide();
    m_field->setText(rangeIso(m_time.range(), m_time.zone()));
    m_field->selectAll();
    m_popup->resize(320, m_popup->sizeHint().height());
    m_popup->move(mapToGlobal(QPoint(0, height() + 2)));
    m_popup->show();
    m_field->setFocus();
}

void RangeButton::setRecent(const QStringList& recent)
{
    m_recent = recent.mid(0, kRecentMax);
}

QString RangeButton::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

bool RangeButton::take(const QString& typed)
{
    const auto wish = parseRange(typed, m_time.nowMs(), m_time.zone());
    if (!wish) {
        m_problem->setText(QString::fromStdString(wish.error().message));
        m_problem->show();
        m_popup->adjustSize();
        return false;
    }
    m_problem->hide();
    m_popup->hide();
    m_recent.removeAll(typed.trimmed());
    m_recent.prepend(typed.trimmed());
    setRecent(m_recent);
    m_time.show(*wish);
    return true;
}

void RangeButton::paintEvent(QPaintEvent*)
{
    QStyleOptionComboBox option;
    option.initFrom(this);
    option.currentText = text();
    option.editable = false;
    QStylePainter painter(this);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

} // namespace fleetglass::widgets
