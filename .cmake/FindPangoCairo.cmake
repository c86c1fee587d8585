# Pango's text layout with Cairo and fontconfig, which bring pkg-config files only. Defines PangoCairo::PangoCairo.
find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PANGOCAIRO QUIET IMPORTED_TARGET pangocairo>=1.50 cairo-pdf fontconfig)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PangoCairo
  REQUIRED_VARS PKG_CONFIG_FOUND PANGOCAIRO_LIBRARIES
  VERSION_VAR PANGOCAIRO_pangocairo_VERSION
  REASON_FAILURE_MESSAGE "install pkg-config, libpango1.0-dev and libcairo2-dev (./run does it)")

if(PangoCairo_FOUND AND NOT TARGET PangoCairo::PangoCairo)
  add_library(PangoCairo::PangoCairo ALIAS PkgConfig::PANGOCAIRO)
endif()
