#include "ui/pages/snapshots_page_inspector.h"

#include "ui/theme/fonts.h"
#include "ui/theme/plain_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/inspector_pane.h"
#include "ui/widgets/plain_label.h"

#include <QFileInfo>
#include <QPainter>
#include <QVBoxLayout>

namespace fleetglass::pages {

namespace {

using theme::Ink;
using theme::TextRole;
using widgets::PlainLabel;

constexpr qsizetype kLinesMax = 12;

PlainLabel* wrapped(Ink ink, TextRole role, QWidget* parent)
{
    auto* label = new PlainLabel({}, ink, role, parent);
    label->setWordWrap(true);
    return label;
}

// One line each, few enough to stay within what a label shows.
QString lines(const QStringList& list)
{
    QStringList shown;
    for (const QString& line : list.mid(0, kLinesMax))
        shown += theme::shown(line);
    if (list.size() > kLinesMax)
        shown += SnapshotsInspector::tr("and %1 more").arg(list.size() - kLinesMax);
    return shown.join(QStringLiteral("; "));
}

} // namespace

PictureView::PictureView(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("picture of the window"));
}

void PictureView::setPicture(const QPixmap& picture)
{
    m_picture = picture;
    setVisible(!picture.isNull());
    updateGeometry();
    update();
}

int PictureView::heightForWidth(int width) const
{
    return m_picture.isNull() ? 0 : width * m_picture.height() / std::max(1, m_picture.width());
}

void PictureView::paintEvent(QPaintEvent*)
{
    const theme::Tokens& tokens = theme::tokensOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(rect(), m_picture);
    painter.setPen(tokens.border);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

SnapshotsInspector::SnapshotsInspector(QWidget* parent)
    : QWidget(parent)
    , m_file(new widgets::InspectorSection({}, this))
    , m_name(wrapped(Ink::Text, TextRole::ChartTitle, m_file))
    , m_picture(new PictureView(m_file))
    , m_facts(new widgets::KeyValueList(64, m_file))
    , m_open(new widgets::KeyButton(tr("Open read-only"), tr("Enter"), m_file))
    , m_out(new widgets::InspectorSection(tr("Stays out of every file"), this))
    , m_outText(wrapped(Ink::Muted, TextRole::Body, m_out))
    , m_taken(new widgets::InspectorSection(tr("Taken out of the last file"), this))
    , m_takenFile(wrapped(Ink::Text, TextRole::Body, m_taken))
    , m_takenText(wrapped(Ink::Muted, TextRole::Body, m_taken))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_file->add(m_name);
    m_file->add(m_picture);
    m_file->add(m_facts);
    m_file->addRow({ m_open });
    auto* always = wrapped(Ink::Text, TextRole::Body, m_out);
    always->setText(tr("Passwords, tokens, values in the query of a URL, user names in URLs, and "
                       "the headers made of them."));
    m_out->add(always);
    m_out->add(m_outText);
    m_taken->add(m_takenFile);
    m_taken->add(m_takenText);
    for (QWidget* part : { m_file, m_out, m_taken })
        layout->addWidget(part);
    // Wrapped text is as high as its width makes it, which a fixed height would cut.
    for (QWidget* part : std::initializer_list<QWidget*> { m_file, m_out, m_taken })
        part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    layout->addStretch(1);
    connect(m_open, &QAbstractButton::clicked, this, &SnapshotsInspector::openRequested);
    show({});
}

void SnapshotsInspector::show(const Content& content)
{
    m_file->setVisible(content.row != nullptr);
    if (content.row != nullptr) {
        const models::CapsuleRow& row = *content.row;
        using Model = models::CapsuleModel;
        m_name->setText(row.cells[Model::Name]);
        m_picture->setPicture(row.thumbnail);
        m_facts->setRows({ { tr("written"), { { row.cells[Model::Created] } } },
            { tr("range"), { { row.cells[Model::Range] } } },
            { tr("size"), { { row.cells[Model::Size] } } },
            { tr("folder"), { { theme::shown(QFileInfo(row.path).absolutePath()) } } } });
    }
    m_outText->setText(
        content.staysOut.isEmpty() ? QString() : tr("Here: %1.").arg(lines(content.staysOut)));
    m_outText->setVisible(!content.staysOut.isEmpty());
    m_taken->setVisible(!content.redactedFile.isEmpty());
    m_takenFile->setText(theme::shown(content.redactedFile));
    m_takenText->setText(
        content.redacted.isEmpty() ? tr("nothing had to be taken out") : lines(content.redacted));
}

} // namespace fleetglass::pages
