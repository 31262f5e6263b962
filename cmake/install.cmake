# What a desktop expects beside the program, and the Debian package of it all.
# `cmake --install build/release` installs; `cpack -G DEB --config build/release/CPackConfig.cmake` packs.
if(NOT TARGET fleetglass)
    return()
endif()
include(GNUInstallDirs)
set(id io.github.fleetglass.Fleetglass)
set(resources "${PROJECT_SOURCE_DIR}/resources")
set(completions "${PROJECT_SOURCE_DIR}/installer/completions")
set(FLEETGLASS_ZSH_DIR "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions"
    CACHE STRING "Where zsh looks for completions; site-functions on systems that are not Debian")

install(FILES "${resources}/${id}.desktop" DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
install(FILES "${resources}/${id}.metainfo.xml" DESTINATION "${CMAKE_INSTALL_DATADIR}/metainfo")
install(FILES "${resources}/${id}.svg" DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")
install(FILES "${resources}/fleetglass-mime.xml" DESTINATION "${CMAKE_INSTALL_DATADIR}/mime/packages"
        RENAME "${id}.xml")
install(FILES "${resources}/man/fleetglass.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${completions}/fleetglass.bash"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME fleetglass)
install(FILES "${completions}/_fleetglass" DESTINATION "${FLEETGLASS_ZSH_DIR}")
install(FILES "${completions}/fleetglass.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES "${PROJECT_SOURCE_DIR}/README.md" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/fleetglass")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/fleetglass"
        RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fleetglass)
set(CPACK_PACKAGE_VENDOR Fleetglass)
set(CPACK_PACKAGE_CONTACT "The Fleetglass developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "watch a fleet of Prometheus targets from a workstation")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DESCRIPTION
    "Fleetglass reads Prometheus scrape configurations, polls the targets itself,\nkeeps the samples, answers PromQL, evaluates rules, and shows it all live.\nOne program, no server to install.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# Libraries are found by dpkg-shlibdeps; plugins are loaded by name, so they are named here.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, libqt6svg6, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-core, fonts-jetbrains-mono")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qt6-wayland, gnome-keyring | kwalletmanager, prometheus")
include(CPack)
