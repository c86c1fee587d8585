# ODB: its compiler (ODB_COMPILER), its runtime for PostgreSQL and libpq. Defines ODB::pgsql and
# ODB_HEADERS, the directory that holds odb/.
find_program(ODB_COMPILER odb)
find_path(ODB_SYSTEM_INCLUDE_DIR odb/pgsql/database.hxx)
find_library(ODB_LIBRARY odb)
find_library(ODB_PGSQL_LIBRARY odb-pgsql)
find_path(PQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
find_library(PQ_LIBRARY pq)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ODB
  REQUIRED_VARS ODB_COMPILER ODB_PGSQL_LIBRARY ODB_LIBRARY ODB_SYSTEM_INCLUDE_DIR PQ_LIBRARY PQ_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install odb, libodb-dev, libodb-pgsql-dev and libpq-dev (./run does it)")

if(ODB_FOUND AND NOT TARGET ODB::pgsql)
  # libodb 2.4 declares operators with `throw (std::bad_alloc)`, which C++17 and later refuse, and copies a
  # bool that its library never set (undefined, and found by the sanitizer; a char may be anything): compile against a mended copy.
  set(ODB_HEADERS "${PROJECT_BINARY_DIR}/odb-compat")
  if("${ODB_SYSTEM_INCLUDE_DIR}/odb/version.hxx" IS_NEWER_THAN "${ODB_HEADERS}/mended")
    file(REMOVE_RECURSE "${ODB_HEADERS}")
    file(COPY "${ODB_SYSTEM_INCLUDE_DIR}/odb" DESTINATION "${ODB_HEADERS}")
    foreach(extension hxx ixx)
      set(header "${ODB_HEADERS}/odb/details/shared-ptr/base.${extension}")
      file(READ "${header}" text)
      string(REPLACE "throw (std::bad_alloc)" "" text "${text}")
      file(WRITE "${header}" "${text}")
    endforeach()
    set(header "${ODB_HEADERS}/odb/pgsql/query.hxx")
    file(READ "${header}" text)
    string(REPLACE "bool bool_part;" "char bool_part = 0;" text "${text}")
    file(WRITE "${header}" "${text}")
    file(TOUCH "${ODB_HEADERS}/mended")
  endif()

  add_library(ODB::pgsql UNKNOWN IMPORTED)
  set_target_properties(ODB::pgsql PROPERTIES IMPORTED_LOCATION "${ODB_PGSQL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ODB_HEADERS};${PQ_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${ODB_LIBRARY};${PQ_LIBRARY}")
endif()
mark_as_advanced(ODB_COMPILER ODB_SYSTEM_INCLUDE_DIR ODB_LIBRARY ODB_PGSQL_LIBRARY PQ_INCLUDE_DIR PQ_LIBRARY)
