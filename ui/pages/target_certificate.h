// TargetCertificate: what the target presented: whose, by whom, for how long, and whether it is
// trusted. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/target_view.h"
#include "ui/theme/time_text.h"

#include <QWidget>

namespace fleetglass::widgets {
class KeyButton;
class KeyValueList;
class PlainLabel;
class SectionHead;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class ValidityBar;

class TargetCertificate : public QWidget
{
    Q_OBJECT

public:
    explicit TargetCertificate(QWidget* parent = nullptr);

    // `detail` may be null, its chain empty.
    void show(std::shared_ptr<const view::TargetDetailView> detail, bool usesTls, int64_t nowMs,
        const theme::Zone& zone);

signals:
    void copyRequested(const QString& pem);

private:
    void showLink();

    std::shared_ptr<const view::TargetDetailView> m_detail;
    size_t m_link = 0; // Of the chain.
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
    widgets::SectionHead* m_head;
    widgets::KeyButton* m_next;
    widgets::KeyButton* m_copy;
    widgets::KeyValueList* m_facts;
    ValidityBar* m_bar;
    widgets::KeyValueList* m_more;
    widgets::PlainLabel* m_nothing;
};

} // namespace fleetglass::pages
