# Text files compiled into the program. The generated sources are written by write_embedded.cmake.

# Adds a source to TARGET that holds FILES, written in the form KIND (migrations or assets).
function(keywork_embed target kind root files)
  set(output "${PROJECT_BINARY_DIR}/generated/${kind}.cpp")
  set(script "${PROJECT_SOURCE_DIR}/.cmake/write_embedded.cmake")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DKIND=${kind}" "-DOUTPUT=${output}" "-DROOT=${root}" "-DFILES=${files}"
      -P "${script}"
    DEPENDS ${files} "${script}"
    COMMENT "Embedding ${kind}" VERBATIM)
  # A target of its own: the file, and with it all of TARGET, need not wait for the rooms below.
  add_custom_target(embed_${kind} DEPENDS "${output}")
  target_sources(${target} PRIVATE "${output}")
  set_source_files_properties("${output}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# odb/migrations/NNNN_name.sql, answered by store::migrations() in the order of their numbers.
function(keywork_embed_migrations target)
  file(GLOB header CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/odb/migrations.hpp")
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/odb/migrations/*.sql")
  if(header)
    keywork_embed(${target} migrations "${PROJECT_SOURCE_DIR}/odb/migrations" "${files}")
  endif()
endfunction()

# net/mail/templates/** and net/web/pages/**, answered by net::asset() by their path below net/.
function(keywork_embed_assets target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/net/mail/templates/*" "${PROJECT_SOURCE_DIR}/net/web/pages/*")
  keywork_embed(${target} assets "${PROJECT_SOURCE_DIR}/net" "${files}")
endfunction()
