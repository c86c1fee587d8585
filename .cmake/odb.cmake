# keywork_map_objects(TARGET): generates ODB's code for the model and compiles it into TARGET.
#
#   odb/map/mapped.hpp           the input: includes every header whose structs are mapped
#   odb/map/pragmas.hpp          how they are mapped, read after the structs
#   odb/map/traits.hpp           value traits, included by the generated header
#   odb/map/optional_traits.hpp  wrapper traits, which ODB itself must know while it reads the structs
#
# yields one set, used as "odb/map/mapped-odb.hpp", and ODB's idea of the schema in ODB_SCHEMA_FILE.
set(ODB_SCHEMA_FILE "${PROJECT_BINARY_DIR}/generated/odb/map/mapped.sql")

function(keywork_map_objects target)
  file(GLOB map_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/odb/map/*.hpp")
  set(input "${PROJECT_SOURCE_DIR}/odb/map/mapped.hpp")
  if(NOT input IN_LIST map_headers)
    return()
  endif()
  set(directory "${PROJECT_BINARY_DIR}/generated/odb/map")
  file(MAKE_DIRECTORY "${directory}")
  set(outputs "${directory}/mapped-odb.cpp" "${directory}/mapped-odb.hpp" "${directory}/mapped-odb.ipp")
  set(search -I "${ODB_HEADERS}" -I "${PROJECT_SOURCE_DIR}" -I "${PQ_INCLUDE_DIR}")

  add_custom_command(
    OUTPUT ${outputs} "${ODB_SCHEMA_FILE}"
    COMMAND "${ODB_COMPILER}" -x -std=c++20 ${search}
      --database pgsql --at-once --generate-query --generate-prepared --generate-schema --schema-format sql
      --odb-prologue "#include \"odb/map/optional_traits.hpp\""
      --odb-epilogue "#include \"odb/map/pragmas.hpp\""
      --hxx-prologue "#include \"odb/map/traits.hpp\""
      --hxx-suffix .hpp --ixx-suffix .ipp --cxx-suffix .cpp
      --include-prefix odb/map --output-dir "${directory}" "${input}"
    # ODB 2.4 names no dependencies; the compiler does, so that only headers really read lead here again.
    COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 ${search} -MM -MT "${directory}/mapped-odb.cpp"
      -MF "${directory}/mapped.d" "${input}"
    DEPENDS ${map_headers} DEPFILE "${directory}/mapped.d"
    COMMENT "Mapping the model with ODB" VERBATIM)
  # A target of its own: the mapping needs the model's headers, and need not wait for its library.
  add_custom_target(map_objects DEPENDS ${outputs} "${ODB_SCHEMA_FILE}")

  # Generated code compiles without warnings and without our precompiled headers.
  target_sources(${target} PRIVATE ${outputs})
  set_source_files_properties("${directory}/mapped-odb.cpp" PROPERTIES
    COMPILE_OPTIONS -w SKIP_PRECOMPILE_HEADERS ON)
  target_include_directories(${target} SYSTEM PRIVATE "${PROJECT_BINARY_DIR}/generated")
endfunction()
