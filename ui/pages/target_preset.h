// TargetPreset: adds a known system: choose it, give its host and secret, test, save. What is not
// known is added in the editor. Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"

#include <QDialog>
#include <QString>
#include <memory>
#include <vector>

class QFormLayout;
class QListWidget;

namespace fleetglass::widgets {
class KeyButton;
class PhaseBar;
class PlainLabel;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

class TargetPreset : public QDialog
{
    Q_OBJECT

public:
    // The port outlives the dialog. `id`: chosen first; empty: the first one.
    explicit TargetPreset(view::FleetPort& port, const QString& id = {}, QWidget* parent = nullptr);
    ~TargetPreset() override;

    view::PresetChoice choice() const; // As it stands in the form.

signals:
    void otherRequested(); // Something that is not known: the editor.
    void saved(const QString& job);
    void noted(const QString& text);

private:
    struct Field
    {
        std::string key;
        QWidget* input = nullptr; // A line, a box of choices or a check box.
    };

    void build();
    void takePresets(std::vector<view::PresetView> presets, const QString& id);
    void showPreset(int index);
    QWidget* inputOf(const view::PresetFieldView& field, QWidget* parent);
    std::string valueOf(const Field& field) const;
    void order(bool test); // Asks for the jobs, then tests or saves them.
    void testNext(std::vector<view::TargetDefinition> jobs, size_t at);
    void saveNext(std::vector<view::TargetDefinition> jobs, size_t at);
    void refuse(const view::PresetJobs& jobs);
    void say(const QString& text, bool ok);
    void wait(const QString& text);

    view::FleetPort& m_port;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); // Answers outlive the dialog.
    std::vector<view::PresetView> m_presets;
    std::vector<Field> m_fields;
    QListWidget* m_list;
    widgets::PlainLabel* m_title;
    widgets::PlainLabel* m_detail;
    QWidget* m_formPlace;
    QWidget* m_form = nullptr;
    widgets::PhaseBar* m_phases;
    widgets::PlainLabel* m_result;
    widgets::KeyButton* m_test;
    widgets::KeyButton* m_save;
};

} // namespace fleetglass::pages
