// LiveButton: "LIVE 1 s", "Paused, 2 m behind [Go live]" or "not watching". Pausing stops the view,
// never the collection. Used from one thread at a time (the UI thread).
#pragma once

#include <QPushButton>

namespace fleetglass::widgets {

class TimeController;

class LiveButton : public QPushButton
{
    Q_OBJECT

public:
    // `time` must outlive the button.
    explicit LiveButton(TimeController& time, QWidget* parent = nullptr);

    enum class Source
    {
        Nothing,
        Live,
        Archive
    };
    void setSource(Source source);
    Source source() const { return m_source; }
    QString spokenText() const; // All of it as one sentence.
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();
    bool isPaused() const;
    QString mainText() const;
    QString sideText() const;

    TimeController& m_time;
    Source m_source = Source::Nothing;
};

} // namespace fleetglass::widgets
