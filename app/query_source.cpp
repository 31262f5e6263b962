#include "app/query_source.h"

#include "core/snapshot/capsule_reader.h"
#include "core/snapshot/text_import.h"

#include <filesystem>

namespace fleetglass::app {

bool isServerUrl(const std::string& source)
{
    return source.rfind("http://", 0) == 0 || source.rfind("https://", 0) == 0;
}

std::string recordingIn(const std::string& directory)
{
    return directory + "/recording.fgsnap";
}

Result<std::unique_ptr<tsdb::RingStore>> openSamples(const std::string& source, const Clock& clock)
{
    std::error_code error;
    const auto status = std::filesystem::status(source, error);
    if (!std::filesystem::exists(status))
        return failure(source + ": no such file or directory", ErrorCode::NotFound);
    if (std::filesystem::is_directory(status)) {
        const std::string recording = recordingIn(source);
        if (!std::filesystem::exists(recording))
            return failure(
                source + ": no recording in this directory; `fleetglass record --data` makes one",
                ErrorCode::NotFound);
        return openSamples(recording, clock);
    }
    if (snapshot::isCapsule(source)) {
        auto capsule = snapshot::readCapsule(source);
        if (!capsule)
            return failure(capsule.error());
        return std::move(capsule->store);
    }
    snapshot::ImportOptions options;
    options.timestampMsDefault = clock.wallMs(); // A page without times is as of now.
    auto imported = snapshot::importTextFile(source, options);
    if (!imported)
        return failure(imported.error());
    return std::move(imported->store);
}

} // namespace fleetglass::app
