// FirstRunPage: an empty window's one field: paste an address, host:port lines or YAML, or drop a
// file. Contacts nothing before a choice. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"

#include <QWidget>

class QPlainTextEdit;

namespace fleetglass::widgets {
class KeyButton;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class FirstRunPage : public QWidget
{
    Q_OBJECT

public:
    explicit FirstRunPage(QWidget* parent = nullptr);

    // A config of the system that can be read; an empty path hides the offer.
    void offerSystemConfig(const QString& path, const QString& detail);
    // Known systems, as a row of buttons.
    void offerPresets(const std::vector<view::PresetView>& presets);
    // What became of the text: the reason it was refused, with the corrected text to try.
    void showResult(const view::ImportSummary& summary);
    void setText(const QString& text);
    QString text() const;
    // In a window that watches already: "Watch more", with a way back.
    void setAdditional(bool additional);
    void focusField();

signals:
    void importRequested(const QString& text);
    void fileRequested(const QString& path); // A known file.
    void openRequested(); // Ask for a file.
    void presetRequested(const QString& id);
    void dismissed(); // Back, where there is somewhere to go back to.

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildField();
    QWidget* buildStarts();
    QWidget* buildHelp();
    void submit();
    void follow();

    QPlainTextEdit* m_field = nullptr;
    widgets::PlainLabel* m_title = nullptr;
    widgets::PlainLabel* m_problem = nullptr;
    widgets::PlainLabel* m_systemDetail = nullptr;
    widgets::KeyButton* m_watch = nullptr;
    widgets::KeyButton* m_suggestion = nullptr;
    widgets::KeyButton* m_system = nullptr;
    widgets::KeyButton* m_back = nullptr;
    QWidget* m_systemRow = nullptr;
    QWidget* m_presets = nullptr;
    QString m_systemPath;
    QString m_suggested;
};

} // namespace fleetglass::pages
