// ShellStrip: who has a shell open, where, from where and since when; visible in every view. With
// none open it says so. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/session_view.h"
#include "ui/theme/time_text.h"
#include "ui/widgets/text_runs.h"

#include <QWidget>
#include <memory>
#include <vector>

namespace fleetglass::widgets {

class ShellStrip : public QWidget
{
    Q_OBJECT

public:
    using Sessions = std::shared_ptr<const std::vector<view::SessionView>>;

    explicit ShellStrip(QWidget* parent = nullptr);

    void showSessions(Sessions sessions, int64_t nowMs, const theme::Zone& zone);
    QString spokenText() const;
    // How many sessions found no room at the present width.
    int hiddenCount() const { return m_hidden; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return { 120, sizeHint().height() }; }

signals:
    void sessionActivated(quint64 id); // 0: the strip, not one session.

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Part
    {
        uint64_t id;
        TextRuns runs;
        QRect rect;
    };

    void build();
    void layOut();
    RunOptions options() const;

    Sessions m_sessions;
    int64_t m_nowMs = 0;
    theme::Zone m_zone;
    QVector<Part> m_parts;
    QString m_window;
    int m_hidden = 0;
    bool m_any = false;
};

} // namespace fleetglass::widgets
