# libmagic, which tells a file's type from its bytes. Defines Magic::magic.
find_path(MAGIC_INCLUDE_DIR magic.h)
find_library(MAGIC_LIBRARY magic)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Magic
  REQUIRED_VARS MAGIC_LIBRARY MAGIC_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install the package libmagic-dev")

if(Magic_FOUND AND NOT TARGET Magic::magic)
  add_library(Magic::magic UNKNOWN IMPORTED)
  set_target_properties(Magic::magic PROPERTIES IMPORTED_LOCATION "${MAGIC_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${MAGIC_INCLUDE_DIR}")
endif()
mark_as_advanced(MAGIC_INCLUDE_DIR MAGIC_LIBRARY)
